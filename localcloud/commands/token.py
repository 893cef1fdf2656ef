"""Let somebody into the API: makes a bearer token and shows it once; only its hash is kept.

On a laptop it needs the local cloud running. With --stage it writes into that stage's table on AWS, with the
credentials and the region of the AWS CLI.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta

from chalicelib.core.access import SCOPES, Grant, Principal, new_token
from chalicelib.core.access.store import item_of
from localcloud.access import dynamodb_of
from localcloud.errors import UsageError

_LONGEST_DAYS = 400


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("name", help="whose it is; stands in the audit table")
    parser.add_argument("--scope", action="append", choices=SCOPES, help="may be given again (default: read)")
    parser.add_argument("--days", type=int, default=90, help="until it ends (default 90)")
    parser.add_argument("--stage", default="local", help="whose table (default: local)")
    parser.add_argument("--endpoint-url", default="", help="of the AWS API (default for local: port 4566 here)")


def run(arguments: argparse.Namespace) -> int:
    """Make the token and print it."""
    if not arguments.name.strip() or not 1 <= arguments.days <= _LONGEST_DAYS:
        raise UsageError(f"a token needs a name, and ends in 1 to {_LONGEST_DAYS} days")
    scopes = frozenset(arguments.scope or ["read"])
    token, now = new_token(), datetime.now(UTC)
    grant = Grant(Principal(arguments.name.strip(), scopes), now + timedelta(days=arguments.days))
    with dynamodb_of(arguments.stage, arguments.endpoint_url) as dynamodb:
        dynamodb.put_item(TableName=f"signalbox-{arguments.stage}-access", Item=item_of(token, grant, now))
    print(token)
    return 0
