"""Deploy a stage: ``python -m infrastructure.deploy --stage prod``, which is what ``make deploy STAGE=prod`` does.

1. the parameters of infrastructure/stages/<stage>.yaml, compared with the built template
2. a bucket for what is uploaded, made when missing: <app>-<stage>-artifacts-<account>-<region>
3. ``aws cloudformation package``: zips and definitions into the bucket, under the hash of their content
4. ``aws cloudformation deploy``: one change set, rolled back by CloudFormation when it fails
5. GET /health at the stack's EndpointURL
6. what is left for a person: parameters and secrets that are placeholders still

Everything is idempotent: a deployment that was interrupted is begun again with the same command.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from infrastructure.errors import BuildError
from infrastructure.stage_file import StageFile, check_parameters, read_stage_file

ROOT = Path(__file__).resolve().parent.parent
APP = "signalbox"
HEALTH_PATIENCE_SECONDS = 60.0
_SECRETS_TYPE = "AWS::SecretsManager::Secret"


class DeployError(Exception):
    """A step failed; the message says which, and what the tool said."""


def deploy(
    stage: StageFile,
    template_path: Path,
    stack_name: str,
    more_parameters: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Upload and deploy the template; return the stack's outputs.

    Raises:
        DeployError: AWS refused something.
        BuildError: the stage's file and the template do not fit.
    """
    template = json.loads(template_path.read_text(encoding="utf-8"))
    for placeholder in check_parameters(stage, template):
        print(f"  a placeholder still: {placeholder}")
    bucket = artifacts_bucket(stage)
    print(f"uploading to s3://{bucket}")
    packaged = template_path.with_name(f"packaged-{template_path.name}")
    upload = ["--s3-bucket", bucket, "--s3-prefix", stack_name, "--region", stage.region]
    _aws(
        "package",
        "--template-file",
        str(template_path),
        "--output-template-file",
        str(packaged),
        "--use-json",
        *upload,
    )
    print(f"deploying the stack {stack_name}")
    given = {"Stage": stage.stage, **stage.parameters, **more_parameters}
    parameters = [f"{key}={value}" for key, value in given.items()]
    tags = [f"{key}={value}" for key, value in stage.tags.items()]
    _aws(
        *("deploy", "--template-file", str(packaged), "--stack-name", stack_name, "--no-fail-on-empty-changeset"),
        *("--capabilities", "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND", *upload),
        *("--parameter-overrides", *parameters),
        *(("--tags", *tags) if tags else ()),
    )
    stack = client("cloudformation", stage).describe_stacks(StackName=stack_name)["Stacks"][0]
    return {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}


def artifacts_bucket(stage: StageFile) -> str:
    """Return the bucket of the stage's uploads; make it, private, when it is missing."""
    from botocore.exceptions import ClientError

    account = client("sts", stage).get_caller_identity()["Account"]
    name = f"{APP}-{stage.stage}-artifacts-{account}-{stage.region}"
    s3 = client("s3", stage)
    try:
        s3.head_bucket(Bucket=name)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("404", "NoSuchBucket"):
            raise DeployError(f"the bucket {name}: {error}") from None
        # us-east-1 is the one region that may not be named
        place = {} if stage.region == "us-east-1" else {"LocationConstraint": stage.region}
        s3.create_bucket(Bucket=name, **({"CreateBucketConfiguration": place} if place else {}))
    closed = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(closed, True))
    return name


def smoke_test(endpoint: str, patience_seconds: float = HEALTH_PATIENCE_SECONDS) -> None:
    """Ask GET /health until it answers 200; a fresh API takes some seconds to be known everywhere.

    Raises:
        DeployError: it did not within ``patience_seconds``; with the last answer.
    """
    url = endpoint.rstrip("/") + "/health"
    until = time.monotonic() + patience_seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 (the stack's own https address)
                print(f"GET {url}: {answer.status} {answer.read(200).decode(errors='replace')}")
                return
        except OSError as error:  # URLError is one
            if time.monotonic() > until:
                raise DeployError(
                    f"GET {url}: {error}. The stack stands; docs/operations.md says how to roll back."
                ) from None
        time.sleep(2)


def unfilled_secrets(template: Mapping[str, Any], stage: StageFile) -> list[str]:
    """Return the names of the template's secrets that still hold what CloudFormation generated."""
    secrets = client("secretsmanager", stage)
    names = [
        str(resource["Properties"]["Name"]["Fn::Sub"]).replace("${Stage}", stage.stage)
        for resource in template["Resources"].values()
        if resource["Type"] == _SECRETS_TYPE
    ]
    return [
        name for name in names if "unset" in json.loads(secrets.get_secret_value(SecretId=name)["SecretString"])
    ]


def client(service: str, stage: StageFile) -> Any:
    """Return a client for the stage's region."""
    import boto3

    return boto3.client(service, region_name=stage.region)


def _aws(*arguments: str) -> None:
    """Run ``aws cloudformation`` with ``arguments``."""
    program = [str(Path(sys.executable).with_name("aws")), "cloudformation", *arguments]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DeployError(f"aws cloudformation {arguments[0]}: {(done.stderr or done.stdout).strip()}")


def main(arguments: list[str] | None = None) -> int:
    """Deploy from the command line; 0 when the API answers, 1 when a step failed, 2 when the files do not fit."""
    parser = argparse.ArgumentParser(prog="python -m infrastructure.deploy")
    parser.add_argument("--stage", required=True)
    chosen = parser.parse_args(arguments)
    try:
        stage = read_stage_file(ROOT, chosen.stage)
        template_path = ROOT / "dist" / chosen.stage / "template.json"
        if not template_path.exists():
            raise BuildError(
                f"{template_path.relative_to(ROOT)}: missing; `make package STAGE={chosen.stage}` makes it"
            )
        outputs = deploy(stage, template_path, f"{APP}-{chosen.stage}")
        smoke_test(outputs["EndpointURL"])
        for name in unfilled_secrets(json.loads(template_path.read_text(encoding="utf-8")), stage):
            print(f"  a secret to fill: {name} (docs/operations.md, Secrets)")
    except BuildError as error:
        print(error, file=sys.stderr)
        return 2
    except DeployError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
