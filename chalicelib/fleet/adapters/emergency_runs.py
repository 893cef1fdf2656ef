"""Executions of ``emergency-workflow``, and the queue their reports come through."""

from __future__ import annotations

import json

from botocore.exceptions import ClientError

from chalicelib.core import aws, executions
from chalicelib.fleet.domain.incidents.report import Report
from chalicelib.fleet.ports.incidents import Acknowledgement, EmergencyQueue, EmergencyRuns

_WAITS_NO_MORE = ("TaskTimedOut", "TaskDoesNotExist", "InvalidToken")


class StepFunctionsEmergencyRuns(EmergencyRuns):
    """Starts executions by name, so that an incident reported twice is one run."""

    def __init__(self, machine_arn: str) -> None:
        self._machine_arn = machine_arn

    def arn(self, incident_id: str) -> str:
        """See `EmergencyRuns.arn`."""
        return executions.arn_of(self._machine_arn, incident_id)

    def start(self, report: Report) -> bool:
        """See `EmergencyRuns.start`; the same report again is no error while its execution runs."""
        return executions.start(self._machine_arn, report.incident_id, report.as_input())

    def acknowledged(self, task_token: str, acknowledgement: Acknowledgement) -> None:
        """See `EmergencyRuns.acknowledged`."""
        output = {"by": acknowledgement.by, "at": acknowledgement.at, "via": acknowledgement.via}
        try:
            aws.client("stepfunctions").send_task_success(taskToken=task_token, output=json.dumps(output))
        except ClientError as error:
            if error.response["Error"]["Code"] not in _WAITS_NO_MORE:
                raise


class SqsEmergencyQueue(EmergencyQueue):
    """A FIFO queue: a vehicle is a message group."""

    def __init__(self, url: str) -> None:
        self._url = url

    def put(self, text: str, vehicle: str, report_id: str) -> None:
        """See `EmergencyQueue.put`."""
        aws.client("sqs").send_message(
            QueueUrl=self._url,
            MessageBody=text,
            MessageGroupId=vehicle,
            MessageDeduplicationId=report_id,
            MessageAttributes={"sender": {"DataType": "String", "StringValue": vehicle}},
        )
