"""Is everything in the zips that has to be, nothing that must not, and do they fit Lambda?

    python -m infrastructure.package_check dist/prod

`chalice package` ends well with a package missing, when no wheel of it fits Lambda; here that is an error. Lambda
takes 50 MB zipped and 250 MB unzipped; the budgets leave room and keep cold starts short.
"""

from __future__ import annotations

import ast
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
MOST_ZIPPED_BYTES = 45_000_000
MOST_UNZIPPED_BYTES = 130_000_000
FROM_THE_RUNTIME = {"boto3", "botocore"}
ELSEWHERE = {"numpy", "pinecone"}
"""No door reaches them: the priority model is trained on a laptop, the matching engine's image asks Pinecone."""
STRANGERS = {*FROM_THE_RUNTIME, "infrastructure", "localcloud", "moto", "pytest", "rag_engine", "tests"}
_SITE_PACKAGES = re.compile(r"^python/(?:lib/python3\.\d+/site-packages/)?")


def findings(folder: Path, project: Path) -> Iterator[str]:
    """Yield one line for each fault of the package in ``folder``."""
    zips = sorted(folder.glob("*.zip"))
    names: set[str] = set()
    zipped = unzipped = 0
    for path in zips:
        zipped += path.stat().st_size
        with zipfile.ZipFile(path) as opened:
            unzipped += sum(one.file_size for one in opened.infolist())
            names |= {_SITE_PACKAGES.sub("", one.filename) for one in opened.infolist()}
    if not zips:
        yield f"{folder}: no zip"
        return
    if zipped > MOST_ZIPPED_BYTES:
        yield f"the zips have {zipped:,} bytes, more than {MOST_ZIPPED_BYTES:,}"
    if unzipped > MOST_UNZIPPED_BYTES:
        yield f"unzipped they have {unzipped:,} bytes, more than {MOST_UNZIPPED_BYTES:,}"
    tops = {PurePosixPath(name).parts[0].removesuffix(".py") for name in names if name.strip("/")}
    for name in sorted(tops & STRANGERS):
        yield f"{name} is in the zips and should not be"
    for name in sorted(_imported(project) - tops - FROM_THE_RUNTIME - ELSEWHERE):
        yield f"{name} is imported by chalicelib and is in no zip"
    for name, version in _required(project):
        if f"{name.lower().replace('-', '_')}-{version}" not in {_distribution(top) for top in tops}:
            yield f"{name} {version} of requirements.txt is in no zip"
    for source in sorted(["app.py", *_sources(project)]):
        if source not in names:
            yield f"{source} is in no zip"


def _sources(project: Path) -> Iterator[str]:
    for path in (project / "chalicelib").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(project).as_posix()


def _imported(project: Path) -> set[str]:
    """Return the top-level packages that the code imports, wherever it does, but Python's own."""
    found: set[str] = set()
    for path in [project / "app.py", *(project / "chalicelib").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names


def _required(project: Path) -> Iterator[tuple[str, str]]:
    for line in (project / "requirements.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, version = line.strip().partition("==")
            yield name.partition("[")[0], version


def _distribution(folder: str) -> str:
    """Return "slack_sdk-3.47.0" of "slack_sdk-3.47.0.dist-info"."""
    name, _, version = folder.removesuffix(".dist-info").rpartition("-")
    return f"{name.lower().replace('-', '_')}-{version}"


def main(arguments: list[str]) -> int:
    """Check the package in the folder that is given."""
    [folder] = arguments
    found = list(findings(Path(folder), ROOT))
    for line in found:
        print(line, file=sys.stderr)
    sizes = ", ".join(
        f"{path.name} {path.stat().st_size / 1e6:.1f} MB" for path in sorted(Path(folder).glob("*.zip"))
    )
    print(f"{folder}: {sizes}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
