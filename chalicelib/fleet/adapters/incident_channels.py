"""Topics of SNS, and a channel of Slack whose messages carry the button that acknowledges."""

from __future__ import annotations

from collections.abc import Mapping

from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, EndpointConnectionError

from chalicelib.core import aws, slack
from chalicelib.core.errors import ConfigurationError
from chalicelib.fleet.adapters import incident_blocks as blocks
from chalicelib.fleet.domain.incidents.words import Words
from chalicelib.fleet.errors.incidents import (
    NotificationBusyError,
    NotificationRefusedError,
    NotificationUnsureError,
)
from chalicelib.fleet.ports.incidents import Channels

_THROTTLED = {"Throttling", "ThrottlingException", "ThrottledException", "Throttled", "KMSThrottling"}


class SnsAndSlackChannels(Channels):
    """Sends each message once: botocore's retries are off, a lost answer being no proof of a lost message."""

    def __init__(self, topics: Mapping[str, str], slack_channel: str) -> None:
        """``topics`` is {channel: ARN} of every channel but "slack"."""
        self._topics, self._slack_channel = topics, slack_channel

    def send(self, channel: str, words: Words, attributes: Mapping[str, str]) -> str:
        """See `Channels.send`."""
        if channel == "slack":
            return self._post(words, attributes)
        return self._publish(channel, words, attributes)

    def close(self, message_id: str, words: Words) -> None:
        """See `Channels.close`."""
        place, _, stamp = message_id.partition("/")
        if not stamp:
            return
        try:
            slack.update(slack.Posted(place, stamp), blocks.closed(words))
        except (ClientError, BotoCoreError) as error:
            raise ConfigurationError(f"Slack's secret cannot be read: {error}") from error

    def _publish(self, channel: str, words: Words, attributes: Mapping[str, str]) -> str:
        try:
            answer = aws.client("sns", attempts=1).publish(
                TopicArn=self._topics[channel],
                Subject=words.subject,
                Message=words.text,
                MessageAttributes={
                    name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()
                },
            )
        except (ConnectTimeoutError, EndpointConnectionError) as error:
            raise NotificationBusyError(f"SNS could not be reached: {error}") from error
        except ClientError as error:
            code = str(error.response["Error"].get("Code", ""))
            status = int(error.response["ResponseMetadata"].get("HTTPStatusCode", 500))
            if code in _THROTTLED or status == 429:
                raise NotificationBusyError(f"SNS is over its rate: {code}") from error
            if 400 <= status < 500:
                raise NotificationRefusedError(f"SNS refuses topic {channel}: {error}") from error
            raise NotificationUnsureError(f"SNS answered {status} {code}") from error
        except Exception as error:  # a lost answer has many faces in botocore; none of them says "not taken"
            raise NotificationUnsureError(f"SNS did not answer: {error}") from error
        return str(answer["MessageId"])

    def _post(self, words: Words, attributes: Mapping[str, str]) -> str:
        if not self._slack_channel:
            raise NotificationRefusedError("INCIDENT_SLACK_CHANNEL names no channel")
        try:
            posted = slack.post(self._slack_channel, blocks.open_incident(words, attributes["incidentId"]))
        except slack.SlackRejectedError as error:
            raise NotificationRefusedError(str(error)) from error
        except (ConfigurationError, ClientError, BotoCoreError) as error:  # before anything is posted
            raise NotificationRefusedError(f"Slack's secret cannot be read: {error}") from error
        except slack.SlackUnavailableError as error:
            raise NotificationUnsureError(str(error)) from error
        return f"{posted.channel}/{posted.ts}"
