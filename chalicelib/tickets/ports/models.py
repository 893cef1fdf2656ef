"""The matching model in use."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.tickets.domain.matching.model import MatchingModel


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model as it was read."""

    model: MatchingModel
    etag: str | None
    """None: nothing is stored yet, it is the documented prior."""


class ModelStore:
    """Where the model in use is kept. A port."""

    def current(self) -> StoredModel:
        """Return the model in use, the documented prior when there is none.

        Raises:
            ValueError: what is stored is of another version.
        """
        raise NotImplementedError

    def replace(self, stored: StoredModel, model: MatchingModel) -> bool:
        """Put ``model`` into use in the place of ``stored``; False: another one is in use by now."""
        raise NotImplementedError
