"""What every test stands on: no AWS account, no surprise from this machine's settings."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# Before any client is made: credentials that cannot work, so that a request which escapes the stand-ins fails.
os.environ.update(
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",
    AWS_DEFAULT_REGION="us-east-1",
    AWS_REGION="us-east-1",
    AWS_EC2_METADATA_DISABLED="true",
)
for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
    os.environ.pop(name, None)

# Examples take as long as they take on a busy machine: time is measured in benchmarks/.
pytest_plugins = ["tests.rights.watching"]
"""Compares, at the end, rights with the AWS calls that were made."""

settings.register_profile("signalbox", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("signalbox")
