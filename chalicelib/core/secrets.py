"""Secrets of other services, from AWS Secrets Manager: read once a container, never in environment or logs.

A secret is a JSON object of texts named ``signalbox/<stage>/<service>``; docs/configuration.md lists their keys.
"""

from __future__ import annotations

import functools
import json

from chalicelib.core import aws
from chalicelib.core.config import setting
from chalicelib.core.errors import ConfigurationError


def secret(service: str, key: str) -> str:
    """Return one text of a service's secret, such as ``secret("slack", "bot_token")``.

    Raises:
        ConfigurationError: the secret or the key is missing or empty; the message names it, never its value.
    """
    name = f"signalbox/{setting('STAGE')}/{service}"
    value = _read(name).get(key, "")
    if not value:
        raise ConfigurationError(f"secret {name} has no {key}")
    return value


@functools.cache
def _read(name: str) -> dict[str, str]:
    manager = aws.client("secretsmanager")
    try:
        text = manager.get_secret_value(SecretId=name)["SecretString"]
    except manager.exceptions.ResourceNotFoundException:
        raise ConfigurationError(f"there is no secret {name}") from None
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise ConfigurationError(f"secret {name} is no JSON object")
    return {str(key): str(value) for key, value in found.items()}
