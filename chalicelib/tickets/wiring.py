"""Which adapter plays which part, by configuration. Made anew for each invocation, adapters hold no state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.core.config import optional_setting, setting
from chalicelib.core.errors import ConfigurationError

if TYPE_CHECKING:
    from chalicelib.core.ai import EmbeddingModel, TextModel
    from chalicelib.tickets.ports.index import SearchableIndex, VectorIndex
    from chalicelib.tickets.ports.smes import SmeDirectory
    from chalicelib.tickets.ports.tickets import MatchRuns, TicketFiles, TicketStore
    from chalicelib.tickets.service import (
        calibrating,
        embedding,
        escalating,
        feedback,
        intake,
        parsing,
        telling,
        validating,
    )


def store() -> TicketStore:
    """Return what is remembered of tickets."""
    from chalicelib.tickets.adapters.dynamo_tickets import DynamoTicketStore

    return DynamoTicketStore(setting("TICKETS_TABLE"), setting("SMES_TABLE"))


def smes() -> SmeDirectory:
    """Return the experts."""
    from chalicelib.tickets.adapters.dynamo_smes import DynamoSmeDirectory

    return DynamoSmeDirectory(setting("SMES_TABLE"))


def files() -> TicketFiles:
    """Return the bucket of tickets."""
    from chalicelib.tickets.adapters.s3_tickets import S3TicketFiles

    return S3TicketFiles(setting("TICKETS_BUCKET"))


def runs() -> MatchRuns:
    """Return the executions of ``sme-matching``."""
    from chalicelib.tickets.adapters.stepfunctions import StepFunctionsMatchRuns

    return StepFunctionsMatchRuns(setting("SME_MATCHING_ARN"))


def embeddings() -> EmbeddingModel:
    """Return the model that makes vectors of tickets."""
    from chalicelib.core.ai import embedding_model

    return embedding_model("EMBEDDING_MODEL")


def texts() -> TextModel:
    """Return the model that may phrase why an expert is recommended."""
    from chalicelib.core.ai import text_model

    return text_model("TICKETS_TEXT_MODEL")


def threshold() -> float:
    """Return the probability below which an operator decides.

    Raises:
        ConfigurationError: it is no number from 0 to 1.
    """
    from chalicelib.tickets.domain.recommendation import DEFAULT_THRESHOLD

    text = optional_setting("SME_THRESHOLD", str(DEFAULT_THRESHOLD))
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise ConfigurationError(f"environment variable SME_THRESHOLD is {text!r}; it should be from 0 to 1")
    return number


def validation() -> validating.Ports:
    """Return what validation needs."""
    from chalicelib.tickets.service import validating

    return validating.Ports(files(), store(), index())


def embed() -> embedding.Ports:
    """Return what embedding needs."""
    from chalicelib.tickets.service import embedding

    return embedding.Ports(files(), embeddings(), index())


def parse() -> parsing.Ports:
    """Return what reading the engine's result needs."""
    from chalicelib.tickets.service import parsing

    return parsing.Ports(files(), store(), smes())


def choice() -> escalating.Ports:
    """Return what an operator's choice needs."""
    from chalicelib.tickets.service import escalating

    return escalating.Ports(store(), smes())


def opinions() -> feedback.Ports:
    """Return what feedback needs."""
    from chalicelib.tickets.service import feedback

    return feedback.Ports(store(), smes())


def calibration() -> calibrating.Ports:
    """Return what calibrating needs."""
    from chalicelib.tickets.adapters.s3_models import S3ModelStore
    from chalicelib.tickets.service import calibrating

    return calibrating.Ports(store(), S3ModelStore(setting("INDEX_BUCKET"), embeddings().model_id))


def tell() -> telling.Ports:
    """Return what speaking in Slack needs."""
    from chalicelib.tickets.adapters.slack_messenger import SlackMessenger
    from chalicelib.tickets.service import telling

    return telling.Ports(store(), smes(), SlackMessenger(), channel(), operations_channel())


def channel() -> str:
    """Return the id of the channel where experts read."""
    return setting("TICKETS_CHANNEL")


def operations_channel() -> str:
    """Return the id of the channel where operators read; the experts' own unless set."""
    return optional_setting("TICKETS_OPS_CHANNEL") or channel()


def way_in() -> intake.Ports:
    """Return what taking tickets in needs."""
    from chalicelib.tickets.service import intake

    return intake.Ports(files(), store(), runs())


def index() -> VectorIndex:
    """Return the index that tickets are put into, in S3 always: the engine fills Pinecone from there."""
    from chalicelib.tickets.adapters.file_index import FileIndex

    model = embeddings()
    return FileIndex(setting("INDEX_BUCKET"), model.model_id, model.dimension)


def vectors() -> SearchableIndex | None:
    """Return the index that the engine asks for the nearest vectors; None: its own file of them, ``file``.

    Raises:
        ConfigurationError: ``VECTOR_INDEX`` names no index.
    """
    kind = optional_setting("VECTOR_INDEX", "file")
    if kind == "file":
        return None
    if kind != "pinecone":
        raise ConfigurationError(f"environment variable VECTOR_INDEX is {kind!r}; it should be file or pinecone")
    from chalicelib.core.secrets import secret
    from chalicelib.tickets.adapters.pinecone_index import PineconeIndex

    model = embeddings()
    return PineconeIndex(
        model.model_id, model.dimension, secret("pinecone", "host"), secret("pinecone", "api_key")
    )
