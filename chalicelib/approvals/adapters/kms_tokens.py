"""Task tokens encrypted by KMS, each bound to its approval by the encryption context.

KMS takes 4,096 bytes; a token has at most 2,048 characters.
"""

from __future__ import annotations

import base64

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.approvals.errors import ApprovalTokenLostError
from chalicelib.approvals.ports.world import TokenSafe
from chalicelib.core.aws import client
from chalicelib.core.errors import TransientError

_LOST = {"InvalidCiphertextException", "IncorrectKeyException", "NotFoundException", "KMSInvalidStateException"}
"""What no retry mends. A missing right or a key that is off can be mended, and then the decision goes out."""


class KmsTokenSafe(TokenSafe):
    """One key."""

    def __init__(self, key_id: str) -> None:
        self._key_id = key_id

    def seal(self, approval_id: str, token: str) -> str:
        """See `TokenSafe.seal`; a busy key is no exception: the machine's retry is the quickest way."""
        try:
            answer = client("kms").encrypt(
                KeyId=self._key_id, Plaintext=token.encode(), EncryptionContext=_context(approval_id)
            )
        except (ClientError, BotoCoreError) as error:
            raise ApprovalTokenLostError(f"the token of {approval_id} cannot be kept: {_why(error)}") from None
        return base64.b64encode(answer["CiphertextBlob"]).decode()

    def open(self, approval_id: str, sealed: str) -> str:
        """See `TokenSafe.open`."""
        try:
            answer = client("kms").decrypt(
                KeyId=self._key_id,
                CiphertextBlob=base64.b64decode(sealed, validate=True),
                EncryptionContext=_context(approval_id),
            )
            return str(answer["Plaintext"].decode())
        except BotoCoreError as error:
            raise TransientError(f"KMS did not answer: {_why(error)}") from None
        except ClientError as error:
            if _why(error) in _LOST:
                raise ApprovalTokenLostError(f"the token of {approval_id} cannot be read: {_why(error)}") from None
            raise TransientError(f"KMS cannot read the token of {approval_id} now: {_why(error)}") from None
        except ValueError as error:
            raise ApprovalTokenLostError(
                f"the token of {approval_id} is no text: {type(error).__name__}"
            ) from None


def _context(approval_id: str) -> dict[str, str]:
    return {"approval": approval_id}


def _why(error: ClientError | BotoCoreError) -> str:
    """Return the error's code alone: messages may repeat what was sent."""
    response = getattr(error, "response", None) or {}
    return str(response.get("Error", {}).get("Code") or type(error).__name__)
