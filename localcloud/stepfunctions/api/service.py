"""`StepFunctionsApi`: every operation by its AWS name, arguments checked, answers shaped as boto3's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore import xform_name

from localcloud.stepfunctions.api.arguments import Arguments, ServiceModel
from localcloud.stepfunctions.api.errors import UnknownOperationException
from localcloud.stepfunctions.api.executions import ExecutionOperations
from localcloud.stepfunctions.api.machines import MachineOperations
from localcloud.stepfunctions.api.maps import MapRunOperations
from localcloud.stepfunctions.api.tags import Tags
from localcloud.stepfunctions.api.teststate import StateTester
from localcloud.stepfunctions.api.tokens import TokenOperations
from localcloud.stepfunctions.api.versions import Versions
from localcloud.stepfunctions.engine import Engine
from localcloud.stepfunctions.mockconfig import MockedIntegrations

Operation = Callable[[Arguments], dict[str, Any]]


class StepFunctionsApi:
    """The Step Functions API on an engine.

    >>> api = StepFunctionsApi(engine)                                                       # doctest: +SKIP
    >>> api.call("StartExecution", {"stateMachineArn": arn, "input": "{}"})                  # doctest: +SKIP
    {'executionArn': 'arn:aws:states:...', 'startDate': datetime.datetime(...)}

    Operations may be called from any thread. Not offered: activities.
    """

    def __init__(self, engine: Engine, mocks: MockedIntegrations | None = None) -> None:
        """`mocks` is what the engine's tasks go through when a MockConfigFile.json is in use."""
        self.model = ServiceModel()
        versions, tags = Versions(engine), Tags(engine)
        self._groups = (
            MachineOperations(engine, versions, tags),
            ExecutionOperations(engine, versions, mocks),
            TokenOperations(engine),
            MapRunOperations(engine),
            StateTester(engine),
            versions,
            tags,
        )

    def call(self, operation: str, arguments: Arguments) -> dict[str, Any]:
        """Answer one operation. Raises StepFunctionsError, whose `code` is AWS's."""
        known = self.model.check(operation, arguments)
        return self._operation(operation)(known)

    def _operation(self, name: str) -> Operation:
        method = xform_name(name)
        for group in self._groups:
            operation: Operation | None = getattr(group, method, None)
            if operation is not None:
                return operation
        raise UnknownOperationException(f"{name} is not offered by the local Step Functions")
