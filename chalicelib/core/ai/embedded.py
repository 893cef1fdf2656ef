"""The models that come with the project: deterministic, without a network."""

from __future__ import annotations

import hashlib
import itertools
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from chalicelib.core.ai import Answer, EmbeddingModel, TextModel, TextRequest

_WORD = re.compile(r"[^\W_]+")
_GRAM_LETTERS = 4


class TemplateTextModel(TextModel):
    """Says what the template says."""

    model_id = "embedded-template-1"

    def write(self, request: TextRequest[Answer]) -> Answer:
        """Return the request's template."""
        return request.template


class HashingEmbeddingModel(EmbeddingModel):
    """Words, pairs of words and letter groups, each hashed to a place and a sign, scaled to length 1.

    The hashing trick (Weinberger et al. 2009, https://arxiv.org/abs/0902.2206): texts that share words are near
    each other, in any language; meaning without shared letters is not seen.
    """

    model_id = "embedded-hashing-1"
    dimension = 512

    def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """See `EmbeddingModel.embed`."""
        return [self._embed(text) for text in texts]

    def _embed(self, text: str) -> list[float]:
        features = Counter(_features(text))
        vector = self._sum(features)
        if features and not any(vector):  # a short word's features may cancel each other; one alone can not
            vector = self._sum(dict.fromkeys(list(features)[:1], 1))
        length = math.sqrt(sum(x * x for x in vector))
        return [x / length for x in vector] if length else vector

    def _sum(self, features: Mapping[str, int]) -> list[float]:
        vector = [0.0] * self.dimension
        for feature, count in features.items():
            digest = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest(), "big")
            sign = 1.0 if digest & 1 else -1.0
            vector[(digest >> 1) % self.dimension] += sign * (1.0 + math.log(count))
        return vector


def _features(text: str) -> Iterator[str]:
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    for word in words:
        yield f"w {word}"
        padded = f"<{word}>"
        for start in range(len(padded) - _GRAM_LETTERS + 1):
            yield f"g {padded[start : start + _GRAM_LETTERS]}"
    for first, second in itertools.pairwise(words):
        yield f"p {first} {second}"
