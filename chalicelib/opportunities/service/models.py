"""The text models' errors under the desk's names, which state machines know."""

from __future__ import annotations

from chalicelib.core.ai import (
    Answer,
    ModelAnswerError,
    ModelRefusedError,
    ModelThrottledError,
    ModelUnavailableError,
    TextModel,
    TextRequest,
)
from chalicelib.opportunities.errors import AnalysisModelBusyError, AnalysisModelError


def written(model: TextModel, request: TextRequest[Answer]) -> Answer:
    """Return what a model writes.

    Raises:
        AnalysisModelBusyError: worth another try.
        AnalysisModelError: not worth one.
    """
    try:
        return model.write(request)
    except (ModelThrottledError, ModelUnavailableError) as error:
        raise AnalysisModelBusyError(str(error)) from error
    except (ModelRefusedError, ModelAnswerError) as error:
        raise AnalysisModelError(str(error)) from error
