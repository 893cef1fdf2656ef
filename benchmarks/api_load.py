"""200 clients at once for 30 seconds against the API's local server: errors, mixed-up answers, requests a second.

    python -m benchmarks.api_load [--clients 200] [--seconds 30]

Each client makes a campaign of its own name and asks for it again and again, on one connection; an answer about
another campaign is a mix-up. The clients run in a process of their own, on the same cores.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from localcloud.project import LocalProject

_HOME = Path(__file__).resolve().parent.parent
_DRAFT = {
    "callerId": "+12125550100",
    "zone": "America/New_York",
    "windows": [{"days": ["mon"], "start": "09:00", "end": "20:00"}],
}
_TIMEOUT_SECONDS = 60


def main() -> int:
    """Measure and print; 1 when an answer was wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.api_load", description=__doc__.split("\n")[0])
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30.0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = LocalProject(_HOME, kept_in=Path(folder), aws_port=0, api_port=0, requests_per_minute=0)
        with project, multiprocessing.get_context("spawn").Pool(1) as clients:
            asked = clients.apply(_ask, (project.api_url, project.token, chosen.clients, chosen.seconds))
    milliseconds, errors, mixed = asked
    cut = statistics.quantiles(milliseconds, n=100)
    print(f"{chosen.clients} clients, {chosen.seconds:g} s: {len(milliseconds)} answers", end=", ")
    print(f"{len(milliseconds) / chosen.seconds:.0f} a second, {len(errors)} errors, {mixed} mixed up")
    print(f"p50 {cut[49]:.0f} ms, p95 {cut[94]:.0f} ms, p99 {cut[98]:.0f} ms")
    for error in errors[:10]:
        print(f"  {error}", file=sys.stderr)
    return 1 if errors or mixed else 0


def _ask(url: str, token: str, clients: int, seconds: float) -> tuple[list[float], list[str], int]:
    """Return each answer's time in ms, what went wrong, and how many answers were about something else."""
    milliseconds: list[float] = []
    errors: list[str] = []
    mixed: list[str] = []
    ready = threading.Barrier(clients)
    address = urlsplit(url)

    def one(number: int) -> None:
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=_TIMEOUT_SECONDS)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

        def ask(method: str, path: str, body: object = None) -> tuple[int, dict[str, object]]:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            return response.status, json.loads(response.read())

        name = f"campaign {number}"
        status, made = ask("POST", "/campaigns", _DRAFT | {"name": name})
        if status != 201:
            errors.append(f"POST /campaigns: {status} {made}")
        ready.wait()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            started = time.perf_counter()
            try:
                status, found = ask("GET", f"/campaigns/{made.get('id')}")
            except (OSError, http.client.HTTPException, json.JSONDecodeError) as error:
                errors.append(f"{type(error).__name__}: {error}")
                connection.close()
                continue
            milliseconds.append((time.perf_counter() - started) * 1000)
            if status != 200:
                errors.append(f"GET: {status} {found}")
            elif (found["id"], found["name"]) != (made["id"], name):
                mixed.append(name)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return milliseconds, errors, len(mixed)


if __name__ == "__main__":
    sys.exit(main())
