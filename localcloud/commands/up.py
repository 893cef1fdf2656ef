"""`up` and `demo`: boot, show every workflow, and serve until Ctrl-C or end."""

from __future__ import annotations

import argparse
import contextlib
import signal
import textwrap
import threading
from pathlib import Path

from localcloud.project import KEPT_IN, LocalProject
from localcloud.terminal import seconds_text, table

_NAMES_WIDTH = 80


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of both."""
    parser.add_argument(
        "--aws-port", type=int, default=4566, help="port of the AWS API (default 4566, 0: any free)"
    )
    parser.add_argument("--api-port", type=int, default=8000, help="port of the API (default 8000, 0: any free)")
    parser.add_argument("--seed", type=int, default=1, help="decides how calls end; the same seed, the same run")
    parser.add_argument(
        "--only", default="", metavar="WORDS", help='show those with these words: "a panic button"'
    )
    parser.add_argument("--no-demo", action="store_true", help="boot and serve, start nothing")


def run(arguments: argparse.Namespace) -> int:
    """Boot and run; 0 when every demonstration ended as it should."""
    with _project(arguments) as project:
        _greet(project)
        ok = True
        if not arguments.no_demo:
            from localcloud.demos import chosen_demos
            from localcloud.showcase import run_demos

            ok = run_demos(project, chosen_demos(arguments.only))
        if arguments.command == "demo":
            if not arguments.no_demo:
                print("All workflows ended as they should." if ok else "Not every workflow ended as it should.")
            return 0 if ok else 1
        print("Serving until Ctrl-C.")
        _wait_for_interrupt()
    return 0


def _project(arguments: argparse.Namespace) -> LocalProject:
    return LocalProject(Path.cwd(), aws_port=arguments.aws_port, api_port=arguments.api_port, seed=arguments.seed)


def _greet(project: LocalProject) -> None:
    stages = {name: taken for name, taken in project.boot_seconds.items() if name != "all"}
    parts = ", ".join(f"{name} {taken:.1f}" for name, taken in stages.items() if taken >= 0.05)
    machines = [machine.name for machine in project.cloud.engine.list_state_machines()]
    print(f"\nSignalbox is up in {seconds_text(project.boot_seconds['all'])} ({parts})\n")
    rows = [
        ("API", project.api_url or "no route yet"),
        ("console", f"{project.api_url}/console#token={project.token}"),
        ("token", f"{project.token}   (kept in {KEPT_IN}/token)"),
        ("AWS", f"{project.aws_url}   (aws --endpoint-url {project.aws_url} ...)"),
        ("Slack", f"{project.slack_url}/messages"),
        ("carrier", f"{project.carrier_url}/calls"),
    ]
    names = textwrap.wrap(", ".join(machines) or "none", _NAMES_WIDTH, break_on_hyphens=False)
    rows += [("" if number else "machines", line) for number, line in enumerate(names)]
    print(table(rows))
    print("\n  What the API answers asks for the token:")
    print(f'    curl -H "Authorization: Bearer $(cat {KEPT_IN}/token)" {project.api_url}/workflows')
    provisioned = project.cloud.provisioned
    left_out = provisioned.reasons() if provisioned else []
    if left_out:
        print("\n  Deployed to AWS, and left out here:")
        print(table([(f"{count} x {kind}", why) for kind, count, why in left_out], indent="    "))
    print(flush=True)


def _wait_for_interrupt() -> None:
    """Return when Ctrl-C is pressed or the process is told to end."""
    stop = threading.Event()
    with contextlib.suppress(ValueError):  # not on the main thread
        signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with contextlib.suppress(KeyboardInterrupt):
        while not stop.wait(0.5):
            pass
    print("\nStopped.")
