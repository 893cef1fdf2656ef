"""Tags of machines."""

from __future__ import annotations

from typing import Any

from localcloud.stepfunctions.api.arguments import Arguments
from localcloud.stepfunctions.api.arns import machine_arn
from localcloud.stepfunctions.api.errors import TooManyTags
from localcloud.stepfunctions.engine import Engine
from localcloud.stepfunctions.errors import ResourceNotFound, StateMachineDoesNotExist

MAX_TAGS = 50


class Tags:
    """Tags by machine ARN and key."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._tags: dict[str, dict[str, str]] = {}

    def tag_resource(self, arguments: Arguments) -> dict[str, Any]:
        """TagResource."""
        self.put(self._owner(arguments), arguments["tags"])
        return {}

    def untag_resource(self, arguments: Arguments) -> dict[str, Any]:
        """UntagResource."""
        tags = self._tags.get(self._owner(arguments), {})
        for key in arguments["tagKeys"]:
            tags.pop(key, None)
        return {}

    def list_tags_for_resource(self, arguments: Arguments) -> dict[str, Any]:
        """ListTagsForResource."""
        tags = self._tags.get(self._owner(arguments), {})
        return {"tags": [{"key": key, "value": value} for key, value in tags.items()]}

    def put(self, arn: str, tags: list[dict[str, str]]) -> None:
        """Add tags to a machine. Raises TooManyTags."""
        merged = self._tags.get(arn, {}) | {tag.get("key", ""): tag.get("value", "") for tag in tags}
        if len(merged) > MAX_TAGS:
            raise TooManyTags(f"Resource has more than {MAX_TAGS} tags: '{arn}'")
        self._tags[arn] = merged

    def forget(self, arn: str) -> None:
        """Drop the tags of a machine that is deleted."""
        self._tags.pop(arn, None)

    def _owner(self, arguments: Arguments) -> str:
        arn = machine_arn(arguments["resourceArn"]).plain
        try:
            return self._engine.state_machine(arn).arn
        except StateMachineDoesNotExist as error:
            raise ResourceNotFound(arn) from error
