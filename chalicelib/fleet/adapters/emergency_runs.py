"""Executions of ``emergency-workflow``, and the queue their reports come through."""

from __future__ import annotations

import json

from botocore.exceptions import ClientError

from chalicelib.core import aws
from chalicelib.core.errors import TransientError
from chalicelib.fleet.domain.incidents.report import Report
from chalicelib.fleet.ports.incidents import Acknowledgement, EmergencyQueue, EmergencyRuns

_WAITS_NO_MORE = ("TaskTimedOut", "TaskDoesNotExist", "InvalidToken")


class StepFunctionsEmergencyRuns(EmergencyRuns):
    """Starts executions by name, so that an incident reported twice is one run."""

    def __init__(self, machine_arn: str) -> None:
        self._machine_arn = machine_arn

    def arn(self, incident_id: str) -> str:
        """See `EmergencyRuns.arn`: ``...:stateMachine:m`` and ``n`` make ``...:execution:m:n``."""
        return self._machine_arn.replace(":stateMachine:", ":execution:", 1) + f":{incident_id}"

    def start(self, report: Report) -> bool:
        """See `EmergencyRuns.start`; the same report again is no error while its execution runs."""
        states = aws.client("stepfunctions")
        try:
            states.start_execution(
                stateMachineArn=self._machine_arn, name=report.incident_id, input=json.dumps(report.as_input())
            )
        except states.exceptions.ExecutionAlreadyExists:
            return False
        except states.exceptions.ExecutionLimitExceeded as error:
            raise TransientError("Step Functions runs as many executions as the account may") from error
        return True

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
