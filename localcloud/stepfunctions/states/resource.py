"""A Task's Resource: which service, which call, and how its end is found out."""

from __future__ import annotations

from dataclasses import dataclass

CALLBACK = ".waitForTaskToken"


@dataclass(frozen=True, slots=True)
class Resource:
    """`arn:aws:states:::sns:publish.waitForTaskToken`, or a Lambda function's ARN."""

    text: str
    service: str
    """resourceType in events: "lambda", "sns", "aws-sdk:dynamodb"; "" for a Lambda function's ARN."""
    action: str
    """resource in events: "publish.waitForTaskToken"."""

    @staticmethod
    def parse(text: str) -> Resource:
        """Take an ARN apart.

        >>> Resource.parse("arn:aws:states:::aws-sdk:dynamodb:getItem").service
        'aws-sdk:dynamodb'
        """
        parts = text.split(":")
        if len(parts) > 6 and parts[2] == "states" and not parts[3] and not parts[4]:
            rest = parts[5:]
            size = 2 if rest[0] == "aws-sdk" else 1
            return Resource(text, ":".join(rest[:size]), ":".join(rest[size:]))
        return Resource(text, "", text)

    @property
    def is_function(self) -> bool:
        """A Lambda function named by its ARN: the older way, with events of its own."""
        return not self.service

    @property
    def owner(self) -> str:
        """How AWS calls the task when its data is too large: "lambda", or the function's ARN."""
        return self.service or self.text

    @property
    def waits_for_token(self) -> bool:
        """Ends when somebody sends the task's token."""
        return self.action.endswith(CALLBACK)

    @property
    def waits_for_job(self) -> bool:
        """Ends with the job it started (.sync, .sync:2)."""
        return ".sync" in self.action
