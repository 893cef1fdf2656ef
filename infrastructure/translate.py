"""From SAM to CloudFormation, as AWS's own macro would make it; offline."""

from __future__ import annotations

import json
from typing import Any

from infrastructure import machine_settings
from infrastructure.errors import BuildError

LOCAL_BUCKET = "local"
"""Stands for the project's folder where CloudFormation wants an S3 location."""


def translate(sam: dict[str, Any], region: str = "us-east-1") -> dict[str, Any]:
    """Return the CloudFormation of a SAM template.

    Definitions stay in their files: DefinitionUri "statemachines/x.asl.json" becomes the S3 location
    (bucket LOCAL_BUCKET, key the path).

    Raises:
        BuildError: with the translator's words.
    """
    from samtranslator.model.exceptions import InvalidDocumentException
    from samtranslator.translator.transform import transform

    fragment = json.loads(json.dumps(sam))
    for resource in fragment.get("Resources", {}).values():
        properties = resource.setdefault("Properties", {})
        for key in ("CodeUri", "ContentUri", "DefinitionUri"):
            if isinstance(properties.get(key), str) and not properties[key].startswith("s3://"):
                properties[key] = f"s3://{LOCAL_BUCKET}/{properties[key]}"
    try:
        with machine_settings.set_aside(AWS_DEFAULT_REGION=region):  # a session is made for its region alone
            translated: dict[str, Any] = transform(fragment, {}, _ManagedPolicies())
    except InvalidDocumentException as error:
        causes = "; ".join(str(cause.message) for cause in error.causes) or str(error.message)
        raise BuildError(f"template: {causes}") from None
    finally:
        forget_metrics()
    return translated


def forget_metrics() -> None:
    """Publish the translator's own measurements (to nobody): it warns of those left when it is used again."""
    from samtranslator.metrics.method_decorator import MetricsMethodWrapperSingleton

    MetricsMethodWrapperSingleton.get_instance().publish()


class _ManagedPolicies:
    """Managed policies by name, for the translator: none, as policies are given by ARN or in full."""

    def load(self) -> dict[str, str]:
        return {}
