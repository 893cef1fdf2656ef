"""A package that lacks something, or has too much, is named before it is deployed."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from infrastructure import package_check
from infrastructure.package_check import findings


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "chalicelib").mkdir()
    (tmp_path / "chalicelib" / "__init__.py").write_text("")
    (tmp_path / "chalicelib" / "mail.py").write_text("import json\n\n\ndef send():\n    import slack_sdk\n")
    (tmp_path / "app.py").write_text("import boto3\nimport chalice\n")
    (tmp_path / "requirements.txt").write_text("# ships\nslack_sdk==3.47.0\n")
    return tmp_path


def package(project: Path, *left_out: str, **added: str) -> list[str]:
    """What the check says of a package that lacks ``left_out`` and has ``added`` besides."""
    layer = "python/lib/python3.11/site-packages/"
    content = {
        "deployment.zip": ["app.py", "chalice/app.py", "chalicelib/__init__.py", "chalicelib/mail.py"],
        "layer-deployment.zip": [f"{layer}slack_sdk/__init__.py", f"{layer}slack_sdk-3.47.0.dist-info/METADATA"],
    }
    out = project / "dist"
    out.mkdir()
    for name, files in content.items():
        with zipfile.ZipFile(out / name, "w") as opened:
            for file in files:
                if not any(part in file for part in left_out):
                    opened.writestr(file, "x")
            for path, text in added.items() if name == "layer-deployment.zip" else ():
                opened.writestr(f"{layer}{path}/__init__.py", text)
    return list(findings(out, project))


def test_a_whole_package_passes(project: Path) -> None:
    assert package(project) == []


def test_a_package_of_requirements_that_is_missing_is_named(project: Path) -> None:
    assert package(project, "slack_sdk") == [
        "slack_sdk is imported by chalicelib and is in no zip",
        "slack_sdk 3.47.0 of requirements.txt is in no zip",
    ]


def test_another_version_is_not_the_one_required(project: Path) -> None:
    (project / "requirements.txt").write_text("slack-sdk==3.48.0\n")
    assert package(project) == ["slack-sdk 3.48.0 of requirements.txt is in no zip"]


def test_a_file_of_ours_that_is_missing_is_named(project: Path) -> None:
    assert package(project, "mail.py") == ["chalicelib/mail.py is in no zip"]


@pytest.mark.parametrize("stranger", ["botocore", "localcloud", "tests"])
def test_what_must_not_ship_is_named(project: Path, stranger: str) -> None:
    assert package(project, **{stranger: ""}) == [f"{stranger} is in the zips and should not be"]


def test_too_much_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_check, "MOST_ZIPPED_BYTES", 10)
    monkeypatch.setattr(package_check, "MOST_UNZIPPED_BYTES", 5)
    zipped, unzipped = package(project)
    assert zipped.endswith("bytes, more than 10")
    assert unzipped.endswith("bytes, more than 5")


def test_an_empty_folder_is_no_package(tmp_path: Path) -> None:
    assert list(findings(tmp_path, tmp_path)) == [f"{tmp_path}: no zip"]
