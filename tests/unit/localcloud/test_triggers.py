"""Events, topics, objects and schedules make functions and machines run."""

from __future__ import annotations

import json
from typing import Any

from localcloud.cloud import LocalCloud
from tests.unit.localcloud.conftest import START, MakeCloud, bodies, function, idle, queue, rule, seen

HOUR = 3600.0
ARN_OF_NOTE = {"Fn::GetAtt": ["Note", "Arn"]}
DONE_AT_ONCE = {
    "Type": "AWS::StepFunctions::StateMachine",
    "Properties": {
        "StateMachineName": "m",
        "Definition": {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}},
        "RoleArn": "arn:aws:iam::1:role/r",
    },
}


def put_event(cloud: LocalCloud, **detail: Any) -> None:
    entry = {"Source": "shop", "DetailType": "Order Placed", "Detail": json.dumps(detail)}
    cloud.client("events").put_events(Entries=[entry])


def test_a_matching_event_reaches_the_function_in_awss_shape(make_cloud: MakeCloud) -> None:
    pattern = {"source": ["shop"], "detail": {"amount": [{"numeric": [">", 10]}]}}
    cloud = make_cloud({"Note": function("note"), "Rule": rule(ARN_OF_NOTE, EventPattern=pattern)})
    put_event(cloud, amount=5)
    put_event(cloud, amount=50)
    idle(cloud)
    (event,) = seen()
    assert event["detail"] == {"amount": 50}
    assert event["time"] == "2026-01-01T00:00:00Z"
    assert set(event) == {
        "version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail",
    }  # fmt: skip


def test_a_disabled_rule_fires_nothing(make_cloud: MakeCloud) -> None:
    pattern = {"source": ["shop"]}
    cloud = make_cloud(
        {"Note": function("note"), "Rule": rule(ARN_OF_NOTE, EventPattern=pattern, State="DISABLED")}
    )
    put_event(cloud)
    idle(cloud)
    assert seen() == []


def test_a_target_gets_the_part_or_the_text_it_asks_for(make_cloud: MakeCloud) -> None:
    transformer = {
        "InputPathsMap": {"who": "$.detail.who", "items": "$.detail.items"},
        "InputTemplate": '{"text": "for <who>", "who": <who>, "items": <items>}',
    }
    pattern = {"source": ["shop"]}
    cloud = make_cloud(
        {
            "Note": function("note"),
            "Whole": rule({"Arn": ARN_OF_NOTE, "InputPath": "$.detail.who"}, EventPattern=pattern),
            "Text": rule({"Arn": ARN_OF_NOTE, "InputTransformer": transformer}, EventPattern=pattern),
            "Fixed": rule({"Arn": ARN_OF_NOTE, "Input": '{"fixed": true}'}, EventPattern=pattern),
        }
    )
    put_event(cloud, who='An "n"', items=[1, 2])
    idle(cloud)
    assert 'An "n"' in seen()
    assert {"fixed": True} in seen()
    assert {"text": 'for An "n"', "who": 'An "n"', "items": [1, 2]} in seen()


def test_a_rule_starts_a_machine_and_its_end_is_an_event(make_cloud: MakeCloud) -> None:
    ended = {"source": ["aws.states"], "detail": {"status": ["SUCCEEDED"]}}
    cloud = make_cloud(
        {
            "Machine": DONE_AT_ONCE,
            "Note": function("note"),
            "Start": rule({"Ref": "Machine"}, EventPattern={"source": ["shop"]}),
            "Ended": rule(ARN_OF_NOTE, EventPattern=ended),
        }
    )
    put_event(cloud, number=1)
    idle(cloud)
    (event,) = seen()
    assert event["detail-type"] == "Step Functions Execution Status Change"
    assert json.loads(event["detail"]["input"])["detail"] == {"number": 1}
    assert event["detail"]["stopDate"] >= event["detail"]["startDate"] == START * 1000


def test_an_upload_is_an_object_created_event(make_cloud: MakeCloud) -> None:
    notifications = {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    pattern = {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"object": {"key": [{"prefix": "in/"}]}},
    }
    cloud = make_cloud(
        {
            "Bucket": {
                "Type": "AWS::S3::Bucket",
                "Properties": {"BucketName": "files", "NotificationConfiguration": notifications},
            },
            "Note": function("note"),
            "Rule": rule(ARN_OF_NOTE, EventPattern=pattern),
        }
    )
    cloud.client("s3").put_object(Bucket="files", Key="out/no.txt", Body=b"")
    cloud.client("s3").put_object(Bucket="files", Key="in/a b.txt", Body=b"hello")
    idle(cloud)
    (event,) = seen()
    detail = event["detail"]
    assert detail["bucket"] == {"name": "files"}
    assert detail["object"]["key"] == "in/a b.txt"
    assert detail["object"]["size"] == 5
    assert detail["object"]["etag"] == "5d41402abc4b2a76b9719d911017c592"
    assert detail["reason"] == "PutObject"
    assert event["resources"] == ["arn:aws:s3:::files"]


def test_a_topic_calls_its_function_and_fills_its_queue(make_cloud: MakeCloud) -> None:
    cloud = make_cloud(
        {
            "Note": function("note"),
            "Queue": queue(QueueName="copies"),
            "Topic": {
                "Type": "AWS::SNS::Topic",
                "Properties": {
                    "TopicName": "news",
                    "Subscription": [
                        {"Protocol": "lambda", "Endpoint": ARN_OF_NOTE},
                        {"Protocol": "sqs", "Endpoint": {"Fn::GetAtt": ["Queue", "Arn"]}},
                    ],
                },
            },
        }
    )
    arn = cloud.client("sns").list_topics()["Topics"][0]["TopicArn"]
    cloud.client("sns").publish(TopicArn=arn, Message="hello", Subject="s")
    idle(cloud)
    (event,) = seen()
    (record,) = event["Records"]
    assert record["EventSource"] == "aws:sns"
    assert (record["Sns"]["Message"], record["Sns"]["Subject"]) == ("hello", "s")
    (copy,) = bodies(cloud, "copies")
    assert copy["Message"] == "hello"


def test_a_failing_asynchronous_call_is_retried_twice_and_then_kept(make_cloud: MakeCloud) -> None:
    cloud = make_cloud(
        {
            "Broken": function("broken"),
            "Failures": queue(QueueName="failures"),
            "Config": {
                "Type": "AWS::Lambda::EventInvokeConfig",
                "Properties": {
                    "FunctionName": {"Ref": "Broken"},
                    "Qualifier": "$LATEST",
                    "DestinationConfig": {"OnFailure": {"Destination": {"Fn::GetAtt": ["Failures", "Arn"]}}},
                },
            },
            "Rule": rule({"Fn::GetAtt": ["Broken", "Arn"]}, EventPattern={"source": ["shop"]}),
        }
    )
    put_event(cloud, number=1)
    idle(cloud)
    assert len(seen()) == 3
    assert cloud.timeline.now() == START + 180
    (record,) = bodies(cloud, "failures")
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestPayload"]["detail"] == {"number": 1}
    assert record["responsePayload"]["errorType"] == "ValueError"


def test_what_a_target_refuses_for_good_goes_to_the_rules_dead_letter_queue(make_cloud: MakeCloud) -> None:
    nowhere = "arn:aws:states:us-east-1:123456789012:stateMachine:nowhere"
    target = {"Arn": nowhere, "DeadLetterConfig": {"Arn": {"Fn::GetAtt": ["Dead", "Arn"]}}}
    cloud = make_cloud({"Dead": queue(QueueName="dead"), "Rule": rule(target, EventPattern={"source": ["shop"]})})
    put_event(cloud, number=1)
    idle(cloud)
    (event,) = bodies(cloud, "dead")
    assert event["detail"] == {"number": 1}


def test_a_rules_rate_fires_again_and_again(make_cloud: MakeCloud) -> None:
    cloud = make_cloud(
        {"Note": function("note"), "Every": rule(ARN_OF_NOTE, ScheduleExpression="rate(5 minutes)")}
    )
    cloud.timeline.skip(16 * 60)
    assert [event["time"] for event in seen()] == [
        "2026-01-01T00:05:00Z",
        "2026-01-01T00:10:00Z",
        "2026-01-01T00:15:00Z",
    ]
    assert seen()[0]["detail-type"] == "Scheduled Event"


def scheduled(cloud: LocalCloud, expression: str, **more: Any) -> None:
    (spec,) = cloud.functions
    more = {"ScheduleExpressionTimezone": "UTC", **more}
    cloud.client("scheduler").create_schedule(
        Name="once",
        ScheduleExpression=expression,
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={
            "Arn": spec.arn,
            "RoleArn": "arn:aws:iam::1:role/r",
            "Input": '{"at": "<aws.scheduler.scheduled-time>"}',
        },
        **more,
    )


def test_a_schedule_fires_once_in_its_zone_and_deletes_itself(make_cloud: MakeCloud) -> None:
    cloud = make_cloud({"Note": function("note")})
    scheduled(
        cloud,
        "at(2026-07-01T09:00:00)",
        ScheduleExpressionTimezone="Europe/Berlin",
        ActionAfterCompletion="DELETE",
    )
    idle(cloud)
    assert seen() == [{"at": "2026-07-01T07:00:00Z"}]
    assert cloud.client("scheduler").list_schedules()["Schedules"] == []


def test_a_deleted_schedule_does_not_fire_and_an_updated_one_fires_anew(make_cloud: MakeCloud) -> None:
    cloud = make_cloud({"Note": function("note")})
    scheduled(cloud, "at(2026-01-01T01:00:00)")
    cloud.timeline.skip(60)
    client = cloud.client("scheduler")
    entry = client.get_schedule(Name="once")
    client.update_schedule(
        Name="once",
        ScheduleExpression="at(2026-01-01T02:00:00)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target=entry["Target"],
    )
    cloud.timeline.skip(1.5 * HOUR)
    assert seen() == []
    cloud.timeline.skip(HOUR)
    assert seen() == [{"at": "2026-01-01T02:00:00Z"}]
    client.delete_schedule(Name="once")
    idle(cloud)
    assert len(seen()) == 1


def test_a_schedule_calls_any_api(make_cloud: MakeCloud) -> None:
    cloud = make_cloud({"Machine": DONE_AT_ONCE})
    arn = cloud.machine_arn("m")
    cloud.client("scheduler").create_schedule(
        Name="named",
        ScheduleExpression="at(2026-01-01T01:00:00)",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={
            "Arn": "arn:aws:scheduler:::aws-sdk:sfn:startExecution",
            "RoleArn": "arn:aws:iam::1:role/r",
            "Input": json.dumps({"StateMachineArn": arn, "Name": "run-1", "Input": '{"a": 1}'}),
        },
    )
    idle(cloud)
    (execution,) = cloud.engine.list_executions(arn)
    assert (execution.name, execution.input) == ("run-1", {"a": 1})
