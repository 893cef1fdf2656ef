"""Exactly the template's resources, or a line that says which one cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.errors import LocalCloudError, ProvisionError, TemplateError
from tests.unit.localcloud.conftest import MakeCloud, function, queue


def refused(make_cloud: MakeCloud, resources: dict[str, Any]) -> str:
    with pytest.raises(LocalCloudError) as error:
        make_cloud(resources)
    return str(error.value)


def machine(definition: Any, **properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {
            "StateMachineName": "m",
            "Definition": definition,
            "RoleArn": "arn:aws:iam::1:role/r",
            **properties,
        },
    }


def test_a_table_is_what_the_template_says(make_cloud: MakeCloud) -> None:
    cloud = make_cloud(
        {
            "Table": {
                "Type": "AWS::DynamoDB::Table",
                "Properties": {
                    "TableName": "things",
                    "BillingMode": "PAY_PER_REQUEST",
                    "AttributeDefinitions": [
                        {"AttributeName": "id", "AttributeType": "S"},
                        {"AttributeName": "kind", "AttributeType": "S"},
                    ],
                    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                    "GlobalSecondaryIndexes": [
                        {
                            "IndexName": "by_kind",
                            "KeySchema": [{"AttributeName": "kind", "KeyType": "HASH"}],
                            "Projection": {"ProjectionType": "ALL"},
                        }
                    ],
                    "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": True},
                    "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
                    "SSESpecification": {"SSEEnabled": True},
                },
            },
            "Reader": function(
                "note", Environment={"Variables": {"STREAM": {"Fn::GetAtt": ["Table", "StreamArn"]}}}
            ),
        }
    )
    table = cloud.client("dynamodb").describe_table(TableName="things")["Table"]
    assert table["GlobalSecondaryIndexes"][0]["IndexName"] == "by_kind"
    (spec,) = cloud.functions
    assert spec.environment["STREAM"] == table["LatestStreamArn"]
    assert spec.environment["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"


def test_rights_alarms_keys_and_secrets_are_created(make_cloud: MakeCloud) -> None:
    trust = {"Version": "2012-10-17", "Statement": []}
    statement = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
    policy = {"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
    alarm = {
        "AlarmName": "too-many",
        "MetricName": "ExecutionsFailed",
        "Namespace": "AWS/States",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 0,
        "ComparisonOperator": "GreaterThanThreshold",
        "Statistic": "Sum",
    }
    cloud = make_cloud(
        {
            "Role": {
                "Type": "AWS::IAM::Role",
                "Properties": {"AssumeRolePolicyDocument": trust, "Policies": [policy]},
            },
            "Alarm": {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm},
            "Key": {"Type": "AWS::KMS::Key", "Properties": {}},
            "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "s", "SecretString": "x"}},
            "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/g", "RetentionInDays": 7}},
            "Setting": {
                "Type": "AWS::SSM::Parameter",
                "Properties": {"Name": "/a", "Type": "String", "Value": "v"},
            },
        }
    )
    assert cloud.client("iam").get_role_policy(RoleName="local-Role", PolicyName="p")["PolicyDocument"][
        "Statement"
    ]
    assert cloud.client("cloudwatch").describe_alarms()["MetricAlarms"][0]["AlarmName"] == "too-many"
    assert cloud.client("secretsmanager").get_secret_value(SecretId="s")["SecretString"] == "x"
    assert cloud.client("logs").describe_log_groups()["logGroups"][0]["retentionInDays"] == 7
    assert cloud.client("ssm").get_parameter(Name="/a")["Parameter"]["Value"] == "v"


def test_what_cannot_be_created_is_listed_with_the_reason(make_cloud: MakeCloud) -> None:
    cloud = make_cloud(
        {
            "Net": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
            "Note": function("note"),
            "Right": {"Type": "AWS::Lambda::Permission", "Properties": {"FunctionName": {"Ref": "Note"}}},
        }
    )
    assert cloud.provisioned is not None
    assert cloud.provisioned.reasons() == [
        ("AWS::EC2::VPC", 1, "cannot be created locally"),
        ("AWS::Lambda::Permission", 1, "rights are not enforced"),
    ]


def test_a_resource_a_service_refuses_is_named(make_cloud: MakeCloud) -> None:
    message = refused(make_cloud, {"Bad": queue(QueueName="not a name")})
    assert message.startswith("Resources.Bad (AWS::SQS::Queue): ")


def test_a_missing_property_is_named(make_cloud: MakeCloud) -> None:
    message = refused(make_cloud, {"Bad": {"Type": "AWS::Lambda::Function", "Properties": {}}})
    assert message == "Resources.Bad (AWS::Lambda::Function): 'Handler' is missing"


def test_a_deleted_resource_that_is_referred_to_fails_the_run(make_cloud: MakeCloud) -> None:
    variables = {"Environment": {"Variables": {"TABLE": {"Ref": "Gone"}}}}
    with pytest.raises(TemplateError, match=r"Resources\.Note\.Environment\.Variables\.TABLE: Ref names 'Gone'"):
        make_cloud({"Note": function("note", **variables)})


def test_a_definition_with_a_dangling_next_names_file_and_place(make_cloud: MakeCloud) -> None:
    broken = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Nowhere"}}}
    message = refused(make_cloud, {"M": machine(broken)})
    assert message.startswith("Resources.M.Definition: the definition has 2 problem(s)")
    assert "Missing 'Next' target: Nowhere at /States/A/Next" in message


def test_a_placeholder_nobody_fills_is_refused(make_cloud: MakeCloud) -> None:
    definition = {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${DoorArn}", "End": True}}}
    message = refused(make_cloud, {"M": machine(definition, DefinitionSubstitutions={})})
    assert message == "Resources.M.Definition: ${DoorArn} is not among M.DefinitionSubstitutions"


def test_a_missing_definition_file_is_named(make_cloud: MakeCloud) -> None:
    resource = machine(None, DefinitionS3Location={"Bucket": "local", "Key": "statemachines/none.asl.json"})
    with pytest.raises(ProvisionError, match=r"^statemachines/none\.asl\.json: No such file"):
        make_cloud({"M": resource})


def test_a_failed_start_leaves_nothing_behind(make_cloud: MakeCloud) -> None:
    refused(make_cloud, {"Bad": queue(QueueName="not a name")})
    cloud = make_cloud({"Good": queue(QueueName="good")})
    assert len(cloud.client("sqs").list_queues()["QueueUrls"]) == 1
