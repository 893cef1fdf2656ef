"""The layer lacks what the runtime has, and nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path

from infrastructure.layer import without_the_runtimes_own

PACKAGES = "python/lib/python3.11/site-packages/"
OURS = [
    "aws_xray_sdk/ext/botocore/patch.py",
    "aws_xray_sdk/__init__.py",
    "jmespath/__init__.py",
    "boto3_tools/x.py",
]
RUNTIMES = ["botocore/__init__.py", "botocore/data/s3.json", "botocore-1.44.5.dist-info/METADATA", "boto3/x.py"]


def test_what_the_runtime_has_is_left_out(tmp_path: Path) -> None:
    layer = tmp_path / "layer-deployment.zip"
    with zipfile.ZipFile(layer, "w") as opened:
        for name in OURS + RUNTIMES:
            opened.writestr(PACKAGES + name, name)
    without_the_runtimes_own(layer)
    with zipfile.ZipFile(layer) as opened:
        assert {name: opened.read(PACKAGES + name).decode() for name in OURS} == {name: name for name in OURS}
        assert sorted(opened.namelist()) == sorted(PACKAGES + name for name in OURS)
    assert list(tmp_path.iterdir()) == [layer]
