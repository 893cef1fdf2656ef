"""``upload-processor`` on the virtual clock: the real definition, the real service, the world in memory."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from localcloud.stepfunctions import Engine, Execution, Integrations, TaskCall, TaskError, VirtualTimeline
from localcloud.stepfunctions.faults import Faults, FaultyIntegrations
from tests.fakes.kill import KilledError
from tests.fakes.retail.upload_desk import NOW, UploadDesk

DEFINITION = Path(__file__).resolve().parents[3] / "statemachines" / "upload-processor.asl.json"


class UploadSimulation(Integrations):
    """One machine and one desk."""

    def __init__(self) -> None:
        self.timeline = VirtualTimeline(NOW.timestamp())
        self.desk = UploadDesk()
        self.faults = Faults()
        self.tries = 0
        self.engine = Engine(
            self.timeline, self, faults=lambda inner: FaultyIntegrations(inner, self.faults, lambda: self.engine)
        )
        self.machine = self.engine.create_state_machine(
            "upload-processor", DEFINITION.read_text(), role_arn="arn:aws:iam::123456789012:role/uploads"
        )

    def run(self, run_input: Any, name: str = "run") -> Execution:
        """Run an execution to its end."""
        execution = self.engine.start_execution(self.machine.arn, json.dumps(run_input), name)
        self.timeline.run_until_idle()
        return execution

    def call(self, call: TaskCall) -> Any:
        """Be the function."""
        payload: Any = call.arguments["Payload"]
        self.tries += 1
        self.desk.clock.at = datetime.fromtimestamp(self.timeline.now(), UTC)
        try:
            return {"StatusCode": 200, "Payload": self.desk.process(payload["detail"]["object"]["key"])}
        except KilledError:
            raise TaskError("Runtime.ExitError", "the process died") from None
        except Exception as error:
            raise TaskError(type(error).__name__, str(error)) from error
