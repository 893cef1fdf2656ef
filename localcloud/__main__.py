"""`python -m localcloud COMMAND`. Bad use gets one line and exit status 2, never a traceback."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - says so where an older one is used by mistake
    sys.exit(f"Signalbox needs Python 3.11 or newer, this is {sys.version.split()[0]}")

_COMMANDS = {
    "up": ("up", "boot, run every workflow once, serve until Ctrl-C"),
    "demo": ("up", "the same, and end: exit status 0 only when all ended as they should"),
    "start": ("start", "start an execution and follow it"),
    "clock": ("clock", "say, skip or speed up the running local cloud's time"),
    "test-state": ("test_state", "run one state by itself"),
    "slack": ("slack", "be somebody in Slack: type a command, press a button"),
    "person": ("person", "let somebody from Slack in"),
    "token": ("token", "let somebody into the API"),
    "lint": ("lint", "every problem of state machine definitions"),
    "report": ("report", "what the runs would have cost on AWS"),
}
"""What is typed -> its module in `localcloud.commands`, and one line of help."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit status; Ctrl-C is quiet, while modules are read in as well."""
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # `| head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _run(arguments: list[str] | None) -> int:
    from infrastructure import machine_settings
    from localcloud.errors import LocalCloudError

    modules = {
        name: importlib.import_module(f"localcloud.commands.{module}") for name, (module, _) in _COMMANDS.items()
    }
    parser = argparse.ArgumentParser(prog="python -m localcloud", description="The laptop's AWS.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (_, text) in _COMMANDS.items():
        modules[name].add(commands.add_parser(name, help=text, description=modules[name].__doc__))
    chosen = parser.parse_args(arguments)
    local = getattr(chosen, "stage", "local") == "local"
    try:
        with machine_settings.set_aside() if local else contextlib.nullcontext():
            return int(modules[chosen.command].run(chosen))
    except LocalCloudError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
