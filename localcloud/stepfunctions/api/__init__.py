"""The Step Functions API on an engine: `StepFunctionsApi.call("StartExecution", {...})`.

service.py      every operation by name
arguments.py    arguments held against botocore's model of the service
machines.py, versions.py, tags.py, executions.py, maps.py, tokens.py    the operations
teststate.py    TestState: one state by itself
arns.py, paging.py, moments.py, errors.py    ARNs, pages, times, refusals
"""

from localcloud.stepfunctions.api.service import StepFunctionsApi

__all__ = ["StepFunctionsApi"]
