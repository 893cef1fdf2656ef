"""Take out of the layer what Lambda's runtime has: aws-xray-sdk requires botocore, 17 MB of the zip.

In a layer it would stand before the runtime's own, with the runtime's boto3 built for another version. pip has no
word for "without this one", so the zip that Chalice wrote is written again.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

_RUNTIMES_OWN = re.compile(
    r"python/(lib/python3\.\d+/site-packages/)?(boto3|botocore|s3transfer)(-[^/]+\.dist-info)?/"
)


def without_the_runtimes_own(path: Path) -> None:
    """Write the layer's zip at ``path`` again without boto3, botocore and s3transfer."""
    slim = path.with_suffix(".slim")
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(slim, "w", zipfile.ZIP_DEFLATED) as kept:
        for entry in whole.infolist():
            if not _RUNTIMES_OWN.match(entry.filename):
                kept.writestr(entry, whole.read(entry))
    slim.replace(path)
