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

from localcloud.errors import TemplateError

_HOME = Path(__file__).resolve().parent.parent
_SOURCES = ("app.py", ".chalice/config.json")
_SOURCE_FOLDERS = (
    ("chalicelib", "*.py"),
    (".chalice/policies", "*.json"),
    ("infrastructure", "*"),
    ("statemachines", "*.asl.json"),
)
_LOCAL_BUCKET = "local"
"""Stands for the project's folder where CloudFormation wants an S3 location."""


def load_template(project_dir: Path, stage: str, keep_in: Path) -> dict[str, Any]:
    """Return the project's CloudFormation template for ``stage``, from ``keep_in`` if nothing has changed.

    Raises:
        TemplateError: with file and place.
    """
    fingerprint = _fingerprint(project_dir, stage)
    kept = keep_in / f"template-{stage}.json"
    try:
        content = json.loads(kept.read_text(encoding="utf-8"))
        if content["fingerprint"] == fingerprint:
            return content["template"]  # type: ignore[no-any-return]
    except (OSError, ValueError, KeyError):
        pass
    template = translate(_build(project_dir, stage))
    keep_in.mkdir(parents=True, exist_ok=True)
    partial = kept.with_suffix(f".{os.getpid()}")
    partial.write_text(json.dumps({"fingerprint": fingerprint, "template": template}), encoding="utf-8")
    partial.replace(kept)
    return template


def translate(sam: dict[str, Any], region: str = "us-east-1") -> dict[str, Any]:
    """Return the CloudFormation of a SAM template, as AWS's own macro would make it; offline.

    Definitions stay in their files: DefinitionUri "statemachines/x.asl.json" becomes the S3 location
    (bucket "local", key the path), which `definition_path` reads back.

    Raises:
        TemplateError: with the translator's words.
    """
    os.environ.setdefault("AWS_DEFAULT_REGION", region)  # the translator asks for one and calls nobody
    from samtranslator.model.exceptions import InvalidDocumentException
    from samtranslator.translator.transform import transform

    fragment = json.loads(json.dumps(sam))
    for resource in fragment.get("Resources", {}).values():
        properties = resource.setdefault("Properties", {})
        for key in ("CodeUri", "ContentUri", "DefinitionUri"):
            if isinstance(properties.get(key), str) and not properties[key].startswith("s3://"):
                properties[key] = f"s3://{_LOCAL_BUCKET}/{properties[key]}"
    try:
        translated: dict[str, Any] = transform(fragment, {}, _ManagedPolicies())
    except InvalidDocumentException as error:
        causes = "; ".join(str(cause.message) for cause in error.causes) or str(error.message)
        raise TemplateError(f"template: {causes}") from None
    return translated


def definition_path(location: dict[str, str]) -> str | None:
    """Return the project's path of a DefinitionS3Location, None when it is a real bucket's."""
    return location["Key"] if location.get("Bucket") == _LOCAL_BUCKET else None


class _ManagedPolicies:
    """Managed policies by name, for the translator: none, as policies are given by ARN or in full."""

    def load(self) -> dict[str, str]:
        return {}


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
