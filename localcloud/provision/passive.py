"""Types that stand in a template and have nothing to do on a laptop, each with the reason.

They answer `Ref` and `Fn::GetAtt Arn`, so that what refers to them can be created, and they are listed at
the start like the types nobody here knows.
"""

from __future__ import annotations

PASSIVE = {
    "AWS::Lambda::LayerVersion": "code runs from the working tree",
    "AWS::Lambda::Permission": "rights are not enforced",
    "AWS::ApiGateway::RestApi": "the API is Chalice's own local server",
    "AWS::ApiGateway::Deployment": "the API is Chalice's own local server",
    "AWS::ApiGateway::Stage": "the API is Chalice's own local server",
    "AWS::ApiGateway::Account": "the API is Chalice's own local server",
    "AWS::IoT::TopicRule": "no device speaks MQTT here; reports go to the queue or the API",
    "AWS::CodeDeploy::Application": "nothing is rolled out",
    "AWS::CodeDeploy::DeploymentGroup": "nothing is rolled out",
}

ATTRIBUTES = {"AWS::ApiGateway::RestApi": {"RootResourceId": "local"}}
"""What such a resource answers beside its ARN."""
