"""Adapters for the parts. Made anew for each invocation, adapters hold no state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.core.config import setting

if TYPE_CHECKING:
    from chalicelib.workflows.adapters.lambda_functions import LambdaFunctions
    from chalicelib.workflows.adapters.step_functions import StepFunctionsMachines


def machines() -> StepFunctionsMachines:
    """Return the house's machines and their runs."""
    from chalicelib.workflows.adapters.step_functions import StepFunctionsMachines

    return StepFunctionsMachines(setting("WORKFLOW_ARN_PREFIX"))


def functions() -> LambdaFunctions:
    """Return the house's functions and their logs."""
    from chalicelib.workflows.adapters.lambda_functions import LambdaFunctions

    return LambdaFunctions()
