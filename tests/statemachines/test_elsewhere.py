"""The definitions mean the same wherever they are deployed from: SAM, templatefile, envsubst, npm's validator."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import string
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEFINITIONS = sorted((ROOT / "statemachines").glob("*.asl.json"))
PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9]+)\}")
VALIDATOR = ROOT / ".checkers" / "node_modules" / ".bin" / "asl-validator"

pytestmark = pytest.mark.parametrize("path", DEFINITIONS, ids=lambda p: p.name.removesuffix(".asl.json"))


def values(text: str) -> dict[str, str]:
    """A value for each placeholder, of the form the states ask for."""
    return {
        name: f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
        for name in sorted(set(PLACEHOLDER.findall(text)))
    }


def substituted(text: str) -> Any:
    """What CloudFormation makes of it: ``${Name}`` replaced, every other dollar left alone."""
    given = values(text)
    return json.loads(PLACEHOLDER.sub(lambda match: given[match[1]], text))


def test_terraform_finds_its_own_syntax_nowhere_but_in_placeholders(path: Path) -> None:
    """In templatefile ``%{`` begins a directive, ``$${`` is an escape, and ``${`` takes any expression."""
    text = path.read_text()
    assert "%{" not in text
    assert "$${" not in text
    assert text.count("${") == len(PLACEHOLDER.findall(text))


def test_terraforms_templatefile_gives_what_cloudformation_gives(path: Path, tmp_path: Path) -> None:
    terraform = shutil.which("terraform")
    if terraform is None:
        pytest.skip("terraform is not installed")
    text = path.read_text()
    expression = f"base64encode(templatefile({json.dumps(str(path))}, {json.dumps(values(text))}))\n"
    done = subprocess.run(
        [terraform, "console"],
        input=expression,
        cwd=tmp_path,
        env={**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(base64.b64decode(done.stdout.strip().strip('"'))) == substituted(text)


def test_envsubst_gives_what_cloudformation_gives(path: Path) -> None:
    envsubst = shutil.which("envsubst")
    if envsubst is None:
        pytest.skip("envsubst (gettext) is not installed")
    text = path.read_text()
    done = subprocess.run([envsubst], input=text, env=values(text), capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == substituted(text)


def test_no_path_reads_like_a_variable_of_the_shell(path: Path) -> None:
    """What envsubst would replace: ``$name`` and ``${name}``; paths are ``$.name`` and ``$$.name``."""
    text = path.read_text()
    found = {match["named"] for match in string.Template.pattern.finditer(text) if match["named"]}
    assert found == set()


def test_npms_validator_finds_no_fault(path: Path) -> None:
    if not VALIDATOR.exists():
        pytest.skip("asl-validator is not here; `make check-template` fetches it with npm")
    done = subprocess.run([str(VALIDATOR), "--json-path", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
