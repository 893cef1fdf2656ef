"""What is replaced in moto and botocore for speed answers as they do: the same requests, the same answers."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, NoCredentialsError
from moto import mock_aws

from localcloud.aws.moto_backend import MotoBackend, MotoListener

TABLE = "things"


def update(expression: str, condition: str | None = None, /, key: str = "a", **more: Any) -> dict[str, Any]:
    """Return a request; words of ``more`` are names (``n_x`` is ``#x``) and values (``v_x`` is ``:x``)."""
    names = {f"#{word[2:]}": value for word, value in more.items() if word.startswith("n_")}
    values = {f":{word[2:]}": value for word, value in more.items() if word.startswith("v_")}
    request: dict[str, Any] = {"Key": {"id": {"S": key}, "part": {"S": "p"}}, "UpdateExpression": expression}
    request |= {"ExpressionAttributeNames": names} if names else {}
    request |= {"ExpressionAttributeValues": values} if values else {}
    request |= {"ConditionExpression": condition} if condition is not None else {}
    return request | {
        name: value for name, value in more.items() if name[:2] not in ("n_", "v_") and name != "key"
    }


ONE, TWO, TEXT = {"N": "1"}, {"N": "2"}, {"S": "text"}
MAP = {"M": {"inner": {"M": {"deep": {"S": "x"}}}, "list": {"L": [{"N": "1"}, {"N": "2"}, {"N": "3"}]}}}
REQUESTS = [
    update("SET x = :one", v_one=ONE),
    update("SET x = :one", v_one=TWO),  # the same text, another value
    update("SET #n = :one, y = :text", n_n="x", v_one=ONE, v_text=TEXT, ReturnValues="ALL_OLD"),
    update("SET #n = :one", n_n="y", v_one=ONE, ReturnValues="UPDATED_NEW"),  # the same text, another name
    update("SET x = x + :one, y = y - :one", v_one=ONE, ReturnValues="UPDATED_NEW"),
    update("SET x = x + :text", v_text=TEXT),  # no number
    update("SET x = nowhere + :one", v_one=ONE),  # nothing to add to
    update("SET m = :map", v_map=MAP),
    update("SET m.#i.deep = :text, m.#l[1] = :one", n_i="inner", n_l="list", v_text=TEXT, v_one=ONE),
    update("SET m.#l = list_append(m.#l, :more)", n_l="list", v_more={"L": [TEXT]}),
    update("SET m.#l = list_append(:more, m.#l)", n_l="list", v_more={"L": [TEXT]}),
    update("SET m.nothing.deep = :one", v_one=ONE),  # no such path
    update("REMOVE m.#l[0], m.#l[2]", n_l="list"),
    update("REMOVE m.#i, gone", n_i="inner", ReturnValues="UPDATED_OLD"),
    update("SET x = if_not_exists(x, :two), z = if_not_exists(z, :two)", v_two=TWO),
    update("SET x = if_not_exists(x, :two) + :one", v_two=TWO, v_one=ONE),
    update("ADD x :two, fresh :one", v_two=TWO, v_one=ONE),
    update("ADD s :set", v_set={"SS": ["a", "b"]}),
    update("ADD s :set", v_set={"SS": ["b", "c"]}),
    update("DELETE s :set", v_set={"SS": ["a", "c"]}),
    update("DELETE s :set", v_set={"SS": ["b"]}),
    update("ADD x :text", v_text=TEXT),
    update("SET x = :one ADD y :two REMOVE z", v_one=ONE, v_two=TWO),
    update("SET x = :one SET y = :one", v_one=ONE),  # twice
    update("SET x = :one, x = :two", v_one=ONE, v_two=TWO),  # overlapping
    update("SET #a = :one, #b = :one", n_a="x", n_b="x", v_one=ONE),
    update("SET id = :text", v_text=TEXT),  # a key
    update("SET #k = :text", n_k="part", v_text=TEXT),
    update("SET g = :one", v_one=ONE),  # an index's key, of another type
    update("SET g = :empty", v_empty={"S": ""}),
    update("SET status = :one", v_one=ONE),  # a reserved word
    update("SET x = :missing"),
    update("SET #missing = :one", v_one=ONE),
    update("SET x = :one", v_one=ONE, v_unused=TWO),
    update("SET x = :one", n_unused="y", v_one=ONE),
    update("SET x : one", v_one=ONE),
    update("", v_one=ONE),
    update("SET x = :one", "attribute_exists(x)", v_one=ONE),
    update("SET x = :one", "attribute_not_exists(x)", v_one=ONE),
    update("SET x = :one", "x = :one", v_one=ONE),
    update("SET x = :two", "x = :one", v_one=ONE, v_two=TWO),
    update("SET x = :two", "x = :one", v_one=ONE, v_two=TWO),  # not any more
    update("SET x = :one", "x = :two", v_one=ONE, v_two=TWO),
    update("SET x = :one", "#n = :o", n_n="x", v_one=ONE, v_o=ONE),
    update("SET x = :one", "#n = :o", n_n="y", v_one=ONE, v_o=ONE),  # the same text, another name
    update("SET x = :one", "#n = :o", n_n="y", v_one=ONE, v_o={"S": "1"}),  # the same text, another type
    update("SET x = :one", "x = :one AND NOT (y < :two OR begins_with(t, :t))", v_one=ONE, v_two=TWO, v_t=TEXT),
    update("SET x = :one", "x BETWEEN :one AND :two AND size(m) > :one", v_one=ONE, v_two=TWO),
    update("SET x = :one", "x IN (:one, :two) AND m.#l[0] = :two", n_l="list", v_one=ONE, v_two=TWO),
    update("SET m = :map", "m <> :map", v_map=MAP),
    update("SET m = :map", "m <> :map", v_map=MAP),  # equal now
    update("SET m.#i = :one", "m.#i = :map", n_i="inner", v_one=ONE, v_map=MAP["M"]["inner"]),
    update("SET m.#i = :one", "m.#i = :map", n_i="inner", v_one=ONE, v_map=MAP["M"]["inner"]),
    update("SET x = :one", "x = :one", v_one=TWO, ReturnValuesOnConditionCheckFailure="ALL_OLD"),
    update("SET x = :one", "((x = :one))", v_one=ONE),
    update("SET x = :one", "x = ", v_one=ONE),
    update("SET x = :one", "x = :gone", v_one=ONE),
    update("SET x = :one", "#gone = :one", v_one=ONE),
    update("SET x = :one", "attribute_type(x, :kind)", v_one=ONE, v_kind={"S": "N"}),
    update("SET #n.a = :one", "attribute_not_exists(#n)", key="new", n_n="x", v_one=ONE),  # nothing to set it in
    update("SET x = :one, l = :list", "attribute_not_exists(x)", key="new", v_one=ONE, v_list={"L": []}),
    update("SET x = :one, l = :list", "attribute_not_exists(x)", key="new", v_one=ONE, v_list={"L": []}),
]


@contextmanager
def fast() -> Iterator[None]:
    """Start moto as the local cloud does."""
    moto = MotoBackend(MotoListener(), time.time)
    moto.start(lambda process: process)
    try:
        yield
    finally:
        moto.stop()


def client(service: str) -> Any:
    return boto3.client(service, "us-east-1", aws_access_key_id="local", aws_secret_access_key="local")


def answered(call: Any, **request: Any) -> Any:
    """Return an answer or an error without what is new each time."""
    try:
        answer = call(**request)
    except ClientError as error:
        told = error.response
        return {"Error": told["Error"]} | {
            key: told[key] for key in ("Item", "CancellationReasons") if key in told
        }
    except Exception as error:  # moto itself stumbles over a name that is not defined
        return {"Error": repr(error)}
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def answers() -> list[Any]:
    """Return what every request is answered with, twice over, and what the table then holds."""
    dynamodb = client("dynamodb")
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}, {"AttributeName": "part", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("id", "part", "g")],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by_g",
                "KeySchema": [{"AttributeName": "g", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    said = []
    for request in REQUESTS * 2:
        said.append(answered(dynamodb.update_item, TableName=TABLE, **request))
        said.append(answered(dynamodb.get_item, TableName=TABLE, Key=request["Key"]))
    for condition in ("x = :v", "x <> :v"):
        one = {
            "Key": {"id": {"S": "a"}, "part": {"S": "p"}},
            "TableName": TABLE,
            "UpdateExpression": "SET w = :v",
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {":v": ONE},
        }
        put = {"TableName": TABLE, "Item": {"id": {"S": condition}, "part": {"S": "p"}, "x": ONE}}
        said.append(answered(dynamodb.transact_write_items, TransactItems=[{"Update": one}, {"Put": put}]))
    for words in ("x = :v", "x > :v AND attribute_exists(m)", "attribute_not_exists(x)"):
        values = {"ExpressionAttributeValues": {":v": ONE}} if ":v" in words else {}
        said.append(answered(dynamodb.scan, TableName=TABLE, FilterExpression=words, **values))
    said.append(answered(dynamodb.scan, TableName=TABLE))
    return said


def test_expressions_are_answered_as_moto_answers_them() -> None:
    with mock_aws():
        plain = answers()
    with fast():
        quick = answers()
    for number, (ours, theirs) in enumerate(zip(quick, plain, strict=True)):
        asked = REQUESTS[number // 2 % len(REQUESTS)] if number < 4 * len(REQUESTS) else "the rest"
        assert ours == theirs, asked
    refused = sum("Error" in one for one in plain)
    assert 50 < refused < len(plain) - 50, "the requests are of both kinds"


def test_moto_is_as_it_was_when_the_cloud_has_stopped() -> None:
    from botocore.auth import SigV4Auth
    from botocore.useragent import UserAgentString
    from moto.core.botocore_stubber import BotocoreStubber
    from moto.dynamodb.comparisons import ConditionExpressionParser

    nodes = import_module("moto.dynamodb.parsing.ast_nodes")
    parser = import_module("moto.dynamodb.parsing.expressions").UpdateExpressionParser

    def now() -> list[Any]:
        owners = (
            SigV4Auth,
            UserAgentString,
            BotocoreStubber,
            ConditionExpressionParser,
            nodes.DepthFirstTraverser,
        )
        names = ("add_auth", "to_string", "process_request", "parse", "traverse")
        found: list[Any] = [getattr(owner, name) for owner, name in zip(owners, names, strict=True)]
        return [*found, nodes.Node.find_clauses, parser.make, hasattr(nodes.Node, "__deepcopy__")]

    before = now()
    with fast():
        assert all(one != other for one, other in zip(now(), before, strict=True))
    assert now() == before


def requests_of_services() -> list[Any]:
    """Return answers of services of each of AWS's protocols, at their own addresses."""
    s3, sqs, sns, events = client("s3"), client("sqs"), client("sns"), client("events")
    s3.create_bucket(Bucket="a-bucket")
    s3.put_object(Bucket="a-bucket", Key="folder/a b+c%.txt", Body=b"text")
    url = sqs.create_queue(QueueName="a-queue")["QueueUrl"]
    topic = sns.create_topic(Name="a-topic")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint="arn:aws:sqs:us-east-1:123456789012:a-queue")
    sns.publish(TopicArn=topic, Message="said")
    listed = s3.list_objects_v2(Bucket="a-bucket", Prefix="folder/a")
    return [
        s3.get_object(Bucket="a-bucket", Key="folder/a b+c%.txt")["Body"].read(),
        [one["Key"] for one in listed["Contents"]],
        answered(s3.get_object, Bucket="a-bucket", Key="nothing"),
        answered(s3.head_bucket, Bucket="no-bucket"),
        answered(sqs.get_queue_url, QueueName="a-queue"),
        answered(sqs.get_queue_url, QueueName="no-queue"),
        len(sqs.receive_message(QueueUrl=url)["Messages"]),
        answered(sns.publish, TopicArn=topic.replace("a-topic", "no-topic"), Message="said"),
        answered(events.list_rules),
        answered(client("sts").get_caller_identity),
        answered(client("iam").list_users),
    ]


def test_every_protocol_is_answered_as_moto_answers_it() -> None:
    with mock_aws():
        plain = requests_of_services()
    with fast():
        assert requests_of_services() == plain


def test_a_request_without_credentials_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest

    with fast(), pytest.raises(NoCredentialsError):
        SigV4Auth(None, "sqs", "us-east-1").add_auth(AWSRequest("POST", "https://sqs.us-east-1.amazonaws.com/"))


def test_a_request_says_whose_it_is_and_for_which_service() -> None:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    request = AWSRequest("POST", "https://sqs.us-east-1.amazonaws.com/")
    with fast():
        SigV4Auth(Credentials("local", "local", "session"), "sqs", "us-east-1").add_auth(request)
    assert "/us-east-1/sqs/aws4_request" in request.headers["Authorization"]
    assert request.headers["X-Amz-Security-Token"] == "session"
    assert request.headers["X-Amz-Date"]
