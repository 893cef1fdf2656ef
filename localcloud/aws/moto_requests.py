"""What makes a request's way to moto short, where client and cloud are one process.

botocore signs each request, and says at length which program it comes from; moto tries the addresses of 200
services to find whose it is. Nobody here checks a signature, reads who asks, or moves a service elsewhere.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from localcloud.aws.moto_expressions import Replacement

_ADDRESSES = 1024
_CLIENTS = 256


def replacements() -> Iterator[Replacement]:
    """Yield what is replaced in botocore and moto."""
    from botocore.auth import SigV4Auth
    from botocore.useragent import UserAgentString
    from moto.core.botocore_stubber import BotocoreStubber

    yield SigV4Auth, "add_auth", add_auth(SigV4Auth.add_auth)
    yield UserAgentString, "to_string", functools.lru_cache(_CLIENTS)(UserAgentString.to_string)
    yield BotocoreStubber, "process_request", process_request(BotocoreStubber.process_request)


def add_auth(original: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Wrap the signer's method of this name: it says whose the request is and for which service, unsigned.

    S3's requests and links that carry their signature are signed as ever.
    """
    from botocore.auth import SIGV4_TIMESTAMP, SigV4Auth
    from botocore.compat import get_current_datetime
    from botocore.exceptions import NoCredentialsError

    def wrapped(signer: Any, request: Any) -> None:
        if type(signer) is not SigV4Auth:
            original(signer, request)
            return
        if signer.credentials is None:
            raise NoCredentialsError()
        request.context["timestamp"] = get_current_datetime().strftime(SIGV4_TIMESTAMP)
        signer._modify_request_before_signing(request)
        scope = signer.scope(request)
        request.headers["Authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=local"
        )

    return wrapped


def process_request(original: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Wrap the stubber's method of this name: whose an address is, is looked up once."""
    from moto.core.request import normalize_request
    from werkzeug.exceptions import HTTPException

    def wrapped(stubber: Any, request: Any) -> Any:
        parts = urlsplit(request.url)
        answer = _answering(f"{parts.scheme}://{parts.netloc}{parts.path}")
        if answer is None:
            return original(stubber, request)
        normal = normalize_request(request)
        try:
            return answer(normal, normal.raw_url, normal.headers)
        except HTTPException as error:
            return error.code, error.get_headers(), error.get_body()

    return wrapped


@functools.lru_cache(_ADDRESSES)
def _answering(address: str) -> Callable[[Any, str, Any], Any] | None:
    """Return moto's function for an address without its query; None where moto itself has to look."""
    import moto.backends
    from moto.backend_index import backend_url_patterns
    from moto.core.base_backend import BackendDict
    from moto.core.models import DEFAULT_ACCOUNT_ID

    for service, pattern in backend_url_patterns:
        if pattern.match(address):
            get_backend: Any = moto.backends.get_backend  # typed for names known beforehand
            found = get_backend(service)
            if not isinstance(found, BackendDict):
                return None
            regions = found[DEFAULT_ACCOUNT_ID]
            backend: Any = regions["us-east-1" if "us-east-1" in regions else "aws"]
            for url, answer in backend.urls.items():
                if re.match(url, address):
                    function: Callable[[Any, str, Any], Any] = answer
                    return function
    return None
