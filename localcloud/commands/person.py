"""Let somebody from Slack in: gives a Slack user their roles, or takes them away with --out.

On a laptop it needs the local cloud running. With --stage it writes into that stage's table on AWS, with the
credentials and the region of the AWS CLI.
"""

from __future__ import annotations

import argparse
import re

from chalicelib.core.slack import Person
from chalicelib.slack.adapters.dynamo_people import item_of
from chalicelib.slack.domain.roles import ROLES
from localcloud.access import dynamodb_of
from localcloud.errors import UsageError

_USER_ID = re.compile(r"[UW][A-Z0-9]{2,20}")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("id", help="Slack user id, U012ABCDEF; who is refused is told theirs")
    parser.add_argument("name", help="as it is shown to others")
    parser.add_argument("--role", action="append", choices=ROLES, help="may be given again (default: viewer)")
    parser.add_argument("--out", action="store_true", help="take all roles away")
    parser.add_argument("--stage", default="local", help="whose table (default: local)")
    parser.add_argument("--endpoint-url", default="", help="of the AWS API (default for local: port 4566 here)")


def run(arguments: argparse.Namespace) -> int:
    """Write the person down."""
    if not _USER_ID.fullmatch(arguments.id):
        raise UsageError(f"{arguments.id!r} is no Slack user id; one looks like U012ABCDEF")
    roles = frozenset() if arguments.out else frozenset(arguments.role or ["viewer"])
    item = item_of(Person(arguments.id, arguments.name, roles))
    with dynamodb_of(arguments.stage, arguments.endpoint_url) as dynamodb:
        dynamodb.put_item(TableName=f"signalbox-{arguments.stage}-slack", Item=item)
    print(f"{arguments.name} ({arguments.id}): {', '.join(sorted(roles)) or 'no role'}")
    return 0
