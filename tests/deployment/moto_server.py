"""A moto server that `chalice deploy` can talk to, with what moto lacks filled in for these tests alone.

moto 5.2.5 refuses the Swagger 2.0 that Chalice imports and reads no gateway responses or CORS integrations of it.
Here an imported API gets one method so that it can be deployed; the document is tested where it is made.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.apigateway.models import APIGatewayBackend
from moto.server import ThreadedMotoServer


@contextmanager
def moto_server() -> Iterator[str]:
    """Serve on a free port; yield the address, which is also AWS_ENDPOINT_URL meanwhile."""
    before = os.environ.get("AWS_ENDPOINT_URL")
    replaced = {
        (APIGatewayBackend, "import_rest_api"): _import_rest_api,
        (APIGatewayBackend, "put_rest_api"): _put_rest_api,
    }
    own = {(owner, name): getattr(owner, name) for owner, name in replaced}
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    try:
        for (owner, name), method in replaced.items():
            setattr(owner, name, method)
        server.start()
        # by this name moto knows that a template's address has the bucket in its path
        os.environ["AWS_ENDPOINT_URL"] = f"http://localhost:{server.get_host_and_port()[1]}"
        yield os.environ["AWS_ENDPOINT_URL"]
    finally:
        server.stop()
        for (owner, name), method in own.items():
            setattr(owner, name, method)
        os.environ.pop("AWS_ENDPOINT_URL")
        if before is not None:
            os.environ["AWS_ENDPOINT_URL"] = before


def _import_rest_api(backend: APIGatewayBackend, api_doc: dict[str, Any], _fail_on_warnings: bool) -> Any:
    api = backend.create_rest_api(
        name=api_doc["info"]["title"], description=api_doc["info"].get("description", "")
    )
    root = next(iter(api.resources.values()))
    root.add_method("GET", "NONE", False)
    root.add_integration("GET", "MOCK", "")
    return api


def _put_rest_api(backend: APIGatewayBackend, function_id: str, *_args: Any, **_more: Any) -> Any:
    return backend.get_rest_api(function_id)
