"""Names as AWS's SDKs for Java write them, which is how Step Functions shows every API.

AWS SDK integrations come from the SDK's second version (`DynamoDb`, `Md5OfMessageBody`), the optimized ones
mostly from its first (`DynamoDB`, `MD5OfMessageBody`).
https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

from botocore import xform_name

_BOTO_NAMES = {
    "applicationdiscoveryservice": "discovery",
    "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp",
    "configservice": "config",
    "costandusagereportservice": "cur",
    "costexplorer": "ce",
    "databasemigrationservice": "dms",
    "directoryservice": "ds",
    "directoryservicedata": "ds-data",
    "elasticloadbalancing": "elb",
    "elasticloadbalancingv2": "elbv2",
    "elasticsearchservice": "es",
    "eventbridge": "events",
    "iotdataplane": "iot-data",
    "iotjobsdataplane": "iot-jobs-data",
    "lexmodelbuildingservice": "lex-models",
    "lexmodelsv2": "lexv2-models",
    "lexruntimeservice": "lex-runtime",
    "lexruntimev2": "lexv2-runtime",
    "marketplaceentitlementservice": "marketplace-entitlement",
    "marketplacemetering": "meteringmarketplace",
    "migrationhub": "mgh",
    "pinpointsmsvoice": "sms-voice",
    "serverlessapplicationrepository": "serverlessrepo",
    "sfn": "stepfunctions",
    "simpledb": "sdb",
}
"""The services boto3 does not call by their id; those that differ by a dash only are found by comparing."""
_JAVA_MEMBERS = {"NULL": "Nul"}


def boto_service(name: str, available: list[str]) -> str | None:
    """boto3's name of a service as ASL writes it: "cloudwatchlogs" is "logs", "sesv2" is "sesv2"."""
    if name in _BOTO_NAMES:
        return _BOTO_NAMES[name]
    return next((known for known in available if known.replace("-", "") == name.replace("-", "")), None)


def sdk_member(name: str) -> str:
    """A field's name in AWS SDK integrations: "MD5OfMessageBody" is "Md5OfMessageBody", "vpcId" "VpcId"."""
    return _JAVA_MEMBERS.get(name) or pascal(name)


def optimized_member(name: str) -> str:
    """A field's name in optimized integrations: the API's own, with a capital letter first."""
    return name[:1].upper() + name[1:]


def pascal(name: str) -> str:
    """A name in the SDK's PascalCase: "DynamoDB" is "DynamoDb", "CloudWatch Logs" "CloudWatchLogs"."""
    words = [word for part in name.replace("-", " ").split() for word in xform_name(part).split("_")]
    return "".join(word[:1].upper() + word[1:] for word in words)
