"""Implementations of the `Integrations` port: Lambda functions and AWS services through boto3.

router.py       which integration answers a Resource
functions.py    Lambda, run through the port `FunctionInvoker`
containers.py   ecs:runTask and its .sync
clients.py      one API call by botocore's service model: any aws-sdk:service:action
shapes.py       between a state's JSON and the API's types
failures.py     errors' names and causes as AWS writes them
names.py        PascalCase as AWS's SDKs write it
"""

from localcloud.stepfunctions.integrations.clients import ClientFactory
from localcloud.stepfunctions.integrations.functions import FunctionInvoker, Invocation, InvocationRefusedError
from localcloud.stepfunctions.integrations.router import AwsIntegrations

__all__ = ["AwsIntegrations", "ClientFactory", "FunctionInvoker", "Invocation", "InvocationRefusedError"]
