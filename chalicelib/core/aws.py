"""AWS clients: made when first asked for, kept for the life of the container.

boto3 costs about 300 ms to import, so it is imported inside ``client`` and a door that needs none of
AWS never pays for it.
"""

from __future__ import annotations

import functools
from typing import Any


@functools.cache
def client(service: str, *, validate: bool = True, attempts: int = 6) -> Any:
    """Return the boto3 client of ``service`` ("dynamodb", "sqs", ...), one a process.

    Args:
        service: botocore's name of the service.
        validate: False skips botocore's parameter checks, which cost more than the call itself on hot
            paths that send thousands of items; only for requests built by our own code.
        attempts: how often botocore sends a request in all; 1 for what must not happen twice.
    """
    import boto3
    from botocore.config import Config

    return boto3.client(
        service,
        config=Config(
            retries={"mode": "standard", "total_max_attempts": attempts},
            connect_timeout=3,
            read_timeout=30,
            parameter_validation=validate,
            tcp_keepalive=True,
            # botocore signs S3 links of us-east-1 the old way (version 2), which buckets made since 2020 refuse.
            signature_version="s3v4" if service == "s3" else None,
        ),
    )


def error_code(error: BaseException) -> str:
    """Return AWS's code of an error ("ThrottlingException"), "" where AWS gave none, as for a lost connection."""
    # botocore's HTTPClientError has a response, too, and it is None
    response = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))
