"""Which service and region a request is for, whatever host it was sent to.

Clients that are given an endpoint send everything to one host; the service is in the signature:
`Credential=KEY/20261121/us-east-1/sqs/aws4_request`, in a header or, presigned, in the query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, unquote, urlsplit

_CREDENTIAL = re.compile(r"Credential=[^/]+/\d{8}/(?P<region>[^/]*)/(?P<service>[^/]+)/aws4_request")

_HOSTS = {"ses": "email", "cloudwatch": "monitoring", "execute-api": "execute-api"}
"""Services whose host is named otherwise than their signature."""


def service_and_region(url: str, headers: Mapping[str, str]) -> tuple[str, str]:
    """Return (signing name, region); an unsigned or old-style request is S3's in us-east-1."""
    signed = headers.get("Authorization", "")
    if not signed:
        query = parse_qs(urlsplit(url).query)
        signed = f"Credential={unquote(query['X-Amz-Credential'][0])}" if "X-Amz-Credential" in query else ""
    match = _CREDENTIAL.search(str(signed))
    if match is None:
        return "s3", "us-east-1"
    return match["service"], match["region"] or "us-east-1"


def is_signed(url: str, headers: Mapping[str, str]) -> bool:
    """Return whether a request carries a signature of AWS's."""
    return (
        "AWS4-HMAC" in str(headers.get("Authorization", ""))
        or "X-Amz-Credential=" in url
        or "AWSAccessKeyId=" in url
    )


def aws_url(url: str, headers: Mapping[str, str]) -> str:
    """Return ``url`` with the host AWS has for the request's service."""
    service, region = service_and_region(url, headers)
    parts = urlsplit(url)
    host = "s3.amazonaws.com" if service == "s3" else f"{_HOSTS.get(service, service)}.{region}.amazonaws.com"
    return parts._replace(scheme="https", netloc=host).geturl()
