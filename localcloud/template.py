"""From the project's files to the CloudFormation that is provisioned: build, translate, keep.

The build imports app.py and the translation imports aws-sam-translator, together more than a second; so the
result is kept in `.localcloud/` under the hash of every file it is made of.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infrastructure.errors import BuildError
from infrastructure.translate import LOCAL_BUCKET, translate
from localcloud.errors import TemplateError, UsageError

_HOME = Path(__file__).resolve().parent.parent
_SOURCES = ("app.py", ".chalice/config.json")
_SOURCE_FOLDERS = (
    ("chalicelib", "*.py"),
    ("infrastructure", "*"),
    ("statemachines", "*.asl.json"),
)


def load_template(project_dir: Path, stage: str, keep_in: Path) -> dict[str, Any]:
    """Return the project's CloudFormation template for ``stage``, from ``keep_in`` if nothing has changed.

    Raises:
        TemplateError: with file and place.
        UsageError: ``keep_in`` cannot be written to.
    """
    fingerprint = _fingerprint(project_dir, stage)
    kept = keep_in / f"template-{stage}.json"
    try:
        content = json.loads(kept.read_text(encoding="utf-8"))
        if content["fingerprint"] == fingerprint:
            return content["template"]  # type: ignore[no-any-return]
    except (OSError, ValueError, KeyError):
        pass
    try:
        template = translate(_build(project_dir, stage))
    except BuildError as error:
        raise TemplateError(str(error)) from None
    try:
        keep_in.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps({"fingerprint": fingerprint, "template": template}), encoding="utf-8")
        partial.replace(kept)
    except OSError as error:
        raise UsageError(f"{keep_in}: a folder that can be written to is needed here ({error.strerror})") from None
    return template


def definition_path(location: dict[str, str]) -> str | None:
    """Return the project's path of a DefinitionS3Location, None when it is a real bucket's."""
    return location["Key"] if location.get("Bucket") == LOCAL_BUCKET else None


def _build(project_dir: Path, stage: str) -> dict[str, Any]:
    """Build in a process of its own, so that app.py is imported fresh and leaves nothing behind."""
    command = [sys.executable, "-m", "infrastructure.build", "--stage", stage, "--template"]
    done = subprocess.run(
        [*command, "--project", str(project_dir)],
        cwd=_HOME,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(_HOME)},
    )
    if done.returncode == 0:
        return json.loads(done.stdout)  # type: ignore[no-any-return]
    raise TemplateError(_place_of(done.stderr, project_dir))


def _place_of(stderr: str, project_dir: Path) -> str:
    """Return one line for what a failed build printed: the deepest line of the project and the error."""
    lines = stderr.strip().splitlines()
    if not lines or "Traceback" not in stderr:
        return stderr.strip() or "the build failed and said nothing"
    place = ""
    for line in lines:
        if line.strip().startswith(f'File "{project_dir}'):
            file, _, rest = line.strip().removeprefix('File "').partition('", line ')
            place = f"{Path(file).relative_to(project_dir)}:{rest.partition(',')[0]}: "
    return place + lines[-1]


def _fingerprint(project_dir: Path, stage: str) -> str:
    digest = hashlib.sha256(f"{stage} {sys.version}".encode())
    for path in [*_files(project_dir), *sorted((_HOME / "infrastructure").glob("*.py")), Path(__file__)]:
        digest.update(str(path).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(project_dir: Path) -> Iterator[Path]:
    for name in _SOURCES:
        if (path := project_dir / name).is_file():
            yield path
    for folder, pattern in _SOURCE_FOLDERS:
        yield from sorted(p for p in (project_dir / folder).rglob(pattern) if p.is_file() and p.suffix != ".pyc")
