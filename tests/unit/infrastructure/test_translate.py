"""Translation is the same on every machine, whatever its AWS settings are."""

from __future__ import annotations

import os
from typing import Any

import pytest

from infrastructure.translate import translate

TEMPLATE: dict[str, Any] = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Resources": {
        "Waits": {
            "Type": "AWS::Serverless::StateMachine",
            "Properties": {"DefinitionUri": "statemachines/waits.asl.json", "Role": "arn:aws:iam::1:role/any"},
        }
    },
}


@pytest.mark.parametrize(
    "settings",
    [
        {"AWS_PROFILE": "nobody-has-this"},
        {"AWS_DEFAULT_PROFILE": "nor-this"},
        {"AWS_CONFIG_FILE": "/no/such/file", "AWS_DEFAULT_REGION": "cn-north-1"},
    ],
)
def test_this_machines_settings_are_not_asked(settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    expected = translate(TEMPLATE)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert translate(TEMPLATE) == expected
    assert settings.items() <= os.environ.items()
