"""What importing each door costs, beside what every Lambda of this kind must import.

    python -m benchmarks.coldstart [RUNS]      7 when none is given

Each module is imported in fresh interpreters, in turns with the others. The processor's time counts, which a busy
machine changes little: of the fastest run, less that of an interpreter that imports nothing. The yardstick is
chalice and Powertools' Logger. Exit status 1 when a door costs more than 1.3 times that, or the API over twice.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
YARDSTICK = "chalice, aws_lambda_powertools.logging"
API = "app"
MOST_FOR_A_DOOR = 1.3
MOST_FOR_THE_API = 2.0


def doors() -> list[str]:
    """Return the modules of doors that have their own Lambda."""
    found = []
    for path in sorted((ROOT / "chalicelib").rglob("*.py")):
        if path.name == "handlers.py" or (path.parent.name == "handlers" and path.name != "__init__.py"):
            found.append(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return found


def seconds(program: str) -> float:
    """Return the processor's time that a fresh interpreter takes for ``program``."""
    child = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"python -c {program!r} ended with {child.returncode}")
    return used.ru_utime + used.ru_stime


def main(arguments: list[str]) -> int:
    """Measure and judge; see the module's docstring."""
    runs = int(arguments[0]) if arguments else 7
    modules = [YARDSTICK, API, "chalicelib.core.access.doors", *doors()]
    programs = {"": "pass"} | {name: f"import {name}" for name in modules}
    fastest = {name: seconds(program) for name, program in programs.items()}
    for _ in range(runs - 1):
        for name, program in programs.items():
            fastest[name] = min(fastest[name], seconds(program))
    nothing = fastest.pop("")
    yardstick = fastest[YARDSTICK] - nothing
    over = []
    for name, took in fastest.items():
        ratio = (took - nothing) / yardstick
        print(f"{name:<45}{(took - nothing) * 1000:7.0f} ms{ratio:7.2f}")
        if ratio > (MOST_FOR_THE_API if name == API else MOST_FOR_A_DOOR):
            over.append(name)
    print(f"{'python -c pass':<45}{nothing * 1000:7.0f} ms")
    for name in over:
        print(f"{name} is over its budget", file=sys.stderr)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
