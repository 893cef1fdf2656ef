"""What the house tests read: the project's files and their imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = sorted(
    p.name
    for p in (ROOT / "chalicelib").iterdir()
    if p.is_dir() and (p / "__init__.py").exists() and p.name != "core"
)
SOURCE_FOLDERS = ("chalicelib", "rag_engine", "localcloud", "infrastructure", "benchmarks", "tests")


def python_files(*folders: str) -> list[Path]:
    """Return the .py files below ``folders`` of the project."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def imports(path: Path) -> Iterator[str]:
    """Yield the full name of every module that ``path`` imports, wherever in the file it does."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def shown(path: Path) -> str:
    """Return the path as a message names it."""
    return str(path.relative_to(ROOT))
