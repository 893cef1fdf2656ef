"""Stripe, by the package localstripe, in a process of its own.

The parent opens the socket and hands it to the child, so the address is known at once and requests wait for the
child to be ready. The child ends when the parent does: it reads its standard input, which then closes.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

from localcloud.errors import PortTakenError

API_KEY = "sk_test_local"
WEBHOOK_SECRET = "whsec_local"  # noqa: S105 - the stand-in's own
_PATIENCE_SECONDS = 5


class LocalStripe:
    """A running Stripe."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = process
        self.url = f"http://127.0.0.1:{port}"

    def send_events_to(self, url: str) -> None:
        """Let events of payments be sent to ``url``, signed with `WEBHOOK_SECRET`."""
        order = {"url": url, "secret": WEBHOOK_SECRET}
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it has died; the next request will say so
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()

    def stop(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def serve_stripe(port: int, log: Path) -> LocalStripe:
    """Start the process; its address is the functions' STRIPE_API_URL, what it says is in ``log``.

    Raises:
        PortTakenError: naming the port.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as error:
        listening.close()
        raise PortTakenError(f"port {port} for Stripe is taken ({error.strerror})") from None
    with listening:
        listening.listen(128)
        home = Path(__file__).resolve().parents[3]
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as written:
            process = subprocess.Popen(
                [sys.executable, "-m", "localcloud.standins.payments.process", str(listening.fileno())],
                cwd=home,
                env=os.environ | {"PYTHONPATH": str(home)},
                pass_fds=[listening.fileno()],
                stdin=subprocess.PIPE,
                stdout=written,
                stderr=written,
            )
        return LocalStripe(process, listening.getsockname()[1])
