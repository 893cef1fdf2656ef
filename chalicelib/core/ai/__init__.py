"""Models that write text and models that make vectors: two ports, and which adapter answers.

    TextModel        a task, facts and an answer's shape in; an answer of that shape out
    EmbeddingModel   texts in, vectors out, with the model's id and dimension

Statistics come first: code computes the facts and writes an answer of its own (`TextRequest.template`). A model
may say it better, and `figures` checks that it brings no figure the facts do not have; else the template stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from chalicelib.core.ai.errors import ModelAnswerError as ModelAnswerError
from chalicelib.core.ai.errors import ModelRefusedError as ModelRefusedError
from chalicelib.core.ai.errors import ModelThrottledError as ModelThrottledError
from chalicelib.core.ai.errors import ModelUnavailableError as ModelUnavailableError
from chalicelib.core.config import optional_setting
from chalicelib.core.errors import ConfigurationError

Answer = TypeVar("Answer")

EMBEDDED = "embedded"
"""The setting's value for the models that need no network."""


@dataclass(frozen=True, slots=True)
class TextRequest(Generic[Answer]):
    """What a text model is asked."""

    task: str
    """What to do, in our words. The only part that is an instruction."""
    facts: Any
    """JSON values the answer is about. Text of customers and rows of tables belong here, never into ``task``."""
    answer: type[Answer]
    """A msgspec.Struct; its JSON schema is the answer's shape."""
    template: Answer
    """The answer code writes by itself."""
    most_tokens: int = 1_000


class TextModel:
    """Writes text. A port."""

    model_id: str

    def write(self, request: TextRequest[Answer]) -> Answer:
        """Return an answer of the request's shape.

        Raises:
            ModelThrottledError, ModelUnavailableError: worth another try.
            ModelRefusedError, ModelAnswerError: not worth one.
        """
        raise NotImplementedError


class EmbeddingModel:
    """Makes vectors of texts. A port."""

    model_id: str
    dimension: int

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one vector of length 1 (the zero vector for a text without words) for each text, in order.

        Raises:
            ModelThrottledError, ModelUnavailableError, ModelRefusedError: as in `TextModel.write`.
        """
        raise NotImplementedError


def text_model(setting: str) -> TextModel:
    """Return the text model the setting names: "embedded" (the default) or a Bedrock model id."""
    model_id = optional_setting(setting, EMBEDDED)
    if model_id == EMBEDDED:
        from chalicelib.core.ai.embedded import TemplateTextModel

        return TemplateTextModel()
    from chalicelib.core.ai.bedrock import BedrockTextModel

    return BedrockTextModel(model_id)


def embedding_model(setting: str) -> EmbeddingModel:
    """Return the embedding model the setting names: "embedded" (the default) or a Titan model id of Bedrock.

    Raises:
        ConfigurationError: the setting names a model this code does not know.
    """
    model_id = optional_setting(setting, EMBEDDED)
    if model_id == EMBEDDED:
        from chalicelib.core.ai.embedded import HashingEmbeddingModel

        return HashingEmbeddingModel()
    if not model_id.startswith("amazon.titan-embed-text-v2"):
        raise ConfigurationError(
            f"environment variable {setting} is {model_id!r}; "
            "it should be 'embedded' or 'amazon.titan-embed-text-v2:0'"
        )
    from chalicelib.core.ai.bedrock import TitanEmbeddingModel

    return TitanEmbeddingModel(model_id)
