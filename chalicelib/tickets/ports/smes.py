"""The experts and how many tickets each holds."""

from __future__ import annotations

from chalicelib.tickets.domain.sme import SmeProfile


class SmeDirectory:
    """Who the experts are. A port."""

    def all(self) -> list[SmeProfile]:
        """Return every expert, by ``cre_id``, with the open assignments of this moment."""
        raise NotImplementedError

    def get(self, cre_id: str) -> SmeProfile:
        """Return the expert.

        Raises:
            SmeNotFoundError: nobody has this id.
        """
        raise NotImplementedError

    def put(self, profile: SmeProfile) -> None:
        """Store what a profile says; a known expert's open assignments stay what they are."""
        raise NotImplementedError
