"""The API's doorkeeper: API Gateway asks it once a token and keeps the answer for a minute.

It lets every request through and says what it found; `chalicelib.core.http.answering` stands before each view and
refuses. So a refusal has the same form everywhere (problem+json, 401 with the reason), behind API Gateway and
behind Chalice's local server, which drops the connection when an authorizer raises. No route is without
`answering`: a house rule sees to it.
"""

from __future__ import annotations

from chalice import AuthResponse, Blueprint
from chalice.app import AuthRequest

from chalicelib.core import clock
from chalicelib.core.task import task

bp = Blueprint(__name__)

_KEPT_SECONDS = 60


@bp.authorizer(name="token-authorizer", ttl_seconds=_KEPT_SECONDS)
@task
def token_authorizer(request: AuthRequest) -> AuthResponse:
    """Find out who calls; the context has ``scopes`` and ``expiresAt``, or ``refused`` with the reason."""
    from chalicelib.core.access import store, token_of

    token = token_of(request.token or "")
    if token is None:
        return _stranger("the Authorization header should read: Bearer sbx_...")
    grant = store.find(token)
    if grant is None:
        return _stranger("this token is not known here")
    if grant.expires_at <= clock.current().now():
        return _stranger(f"this token ended on {grant.expires_at:%d %B %Y}")
    context = {
        "scopes": " ".join(sorted(grant.principal.scopes)),
        "expiresAt": str(int(grant.expires_at.timestamp())),
    }
    return AuthResponse(routes=["*"], principal_id=grant.principal.name, context=context)


def _stranger(reason: str) -> AuthResponse:
    return AuthResponse(routes=["*"], principal_id="nobody", context={"refused": reason})
