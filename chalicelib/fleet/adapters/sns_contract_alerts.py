"""The topic ``contract-alerts``, to which ``business-workflow`` publishes as well."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core.aws import client
from chalicelib.fleet.errors.contracts import ContractAlertError
from chalicelib.fleet.ports.contracts import ContractAlerts


class SnsContractAlerts(ContractAlerts):
    """One message of the topic for each alert, with ``event`` as its attribute."""

    def __init__(self, topic_arn: str) -> None:
        self._topic_arn = topic_arn

    def tell(self, event: str, subject: str, text: str) -> None:
        """See `ContractAlerts.tell`."""
        try:
            client("sns").publish(
                TopicArn=self._topic_arn,
                Subject=subject,
                Message=text,
                MessageAttributes={"event": {"DataType": "String", "StringValue": event}},
            )
        except (ClientError, BotoCoreError) as error:
            raise ContractAlertError(f"SNS did not take the alert: {error}") from error
