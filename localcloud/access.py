"""Lets people in: the one at this laptop into the API, those of the Slack stand-in into the commands."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from chalicelib.core.access import Grant, Principal, new_token, token_of
from chalicelib.core.access.store import item_of
from chalicelib.core.slack import Person
from chalicelib.slack.adapters.dynamo_people import item_of as person_item
from localcloud.errors import UsageError
from localcloud.standins.slack import PEOPLE, PERSON

TABLE, SLACK_TABLE = "signalbox-local-access", "signalbox-local-slack"
_PERSON = "you"
_ROLES = {PERSON: frozenset({"admin"}), "U0MANAGER": frozenset({"approver", "operator"})}
_DAYS = 3_650
"""The clock here may be skipped by years."""


def let_in(dynamodb: Any, path: Path, now: float) -> str:
    """Return the token kept at ``path``, made if there is none, and write it into the access table."""
    token = path.read_text(encoding="utf-8").strip() if path.exists() else ""
    if token_of(f"Bearer {token}") is None:
        token = new_token()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(token + "\n", encoding="utf-8")
        os.chmod(path, 0o600)
    made = datetime.fromtimestamp(now, UTC)
    grant = Grant(Principal(_PERSON, frozenset({"admin"})), made + timedelta(days=_DAYS))
    dynamodb.put_item(TableName=TABLE, Item=item_of(token, grant, made))
    return token


def let_in_from_slack(dynamodb: Any) -> None:
    """Give the people of the Slack stand-in their roles; the guest has none."""
    for user, roles in _ROLES.items():
        dynamodb.put_item(TableName=SLACK_TABLE, Item=person_item(Person(user, PEOPLE[user], roles)))


@contextlib.contextmanager
def dynamodb_of(stage: str, endpoint_url: str) -> Iterator[Any]:
    """Yield a client of the stage's DynamoDB: the running local cloud's, or AWS's with the CLI's credentials.

    Raises:
        UsageError: the block's calls did not get through.
    """
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    local = stage == "local"
    given = {"aws_access_key_id": "local", "aws_secret_access_key": "local", "region_name": "us-east-1"}
    endpoint = endpoint_url or ("http://127.0.0.1:4566" if local else None)
    try:
        yield boto3.client("dynamodb", endpoint_url=endpoint, **(given if local else {}))
    except (BotoCoreError, ClientError) as error:
        raise UsageError(f"nothing is written: {error}") from None
