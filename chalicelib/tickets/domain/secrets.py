"""Secrets in a text, each replaced by the name of its kind.

    >>> without_secrets("mail ana@example.com, card 4111 1111 1111 1111, password: hunter2")
    'mail [e-mail], card [card], password: [secret]'

Better one word too many cut than a key in Slack: what only looks like a key is cut as well.
"""

from __future__ import annotations

import math
import re
from collections import Counter

_KEY_BLOCK = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}(?:KEY|CERTIFICATE)[A-Z0-9 ]{0,10}-----"
    r"[^-]{0,20000}(?:-----END [A-Z0-9 ]{0,50}-----)?"
)
_KNOWN_TOKEN = re.compile(
    r"\b(?:"
    r"(?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{16}"  # AWS
    r"|xox[a-z]-[\w-]{6,200}|xapp-[\w-]{6,200}"  # Slack
    r"|gh[pousr]_\w{20,255}|github_pat_\w{20,255}|glpat-[\w-]{16,100}"  # GitHub, GitLab
    r"|[srp]k_(?:live|test)_\w{8,200}|whsec_\w{8,200}"  # Stripe
    r"|pcsk_\w{8,200}|AIza[\w-]{30,50}|sk-[\w-]{16,200}"  # Pinecone, Google, model services
    r"|eyJ[\w-]{8,2000}\.[\w-]{4,4000}(?:\.[\w-]{0,2000})?"  # JSON Web Tokens
    r")"
)
_ADDRESS_WITH_PASSWORD = re.compile(r"(\b[a-z][a-z0-9+.-]{1,15}://[^\s:/@]{1,100}):[^\s/@]{1,200}@", re.IGNORECASE)
_SAID_TO_BE_SECRET = re.compile(
    r"(\b(?:(?:api|access|secret|private|auth|session|client|account|encryption)[ _-]?){0,3}"
    r"(?:password|passwd|passwort|passphrase|pwd|contraseña|clave|secret|token|api[ _-]?key|access[ _-]?key"
    r"|secret[ _-]?key|credentials?|pin|cvv|cvc)"
    r"[\"']?(?: is| es)?(?: ?[:=]{1,2}>? ?| (?=[\"'])| (?=\S{0,40}\d)(?<= is | es )))"
    r"(?:bearer |basic )?(?:\"[^\"\n]{1,500}\"|'[^'\n]{1,500}'|[^\s,;\"']{3,500})",
    re.IGNORECASE,
)
_AUTHORIZATION = re.compile(r"\b(bearer|basic) [\w.~+/=-]{8,4000}", re.IGNORECASE)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_CARD_LIKE = re.compile(r"(?<!\d)(?<!\d[ -])\d(?:[ -]?\d){12,18}(?![ -]?\d)")
_OPAQUE = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/_-]{24,2000}={0,2}(?![\w+/=-])")
_LEAST_BITS = 3.4
"""Bits a character of an opaque word, from which it is taken for a key; identifiers and paths lie below."""


def without_secrets(text: str) -> str:
    """Return the text with keys, tokens, passwords, card numbers and e-mail addresses named instead of shown."""
    text = _KEY_BLOCK.sub("[secret]", text)
    text = _KNOWN_TOKEN.sub("[secret]", text)
    text = _ADDRESS_WITH_PASSWORD.sub(r"\1:[secret]@", text)
    text = _AUTHORIZATION.sub(r"\1 [secret]", text)
    text = _SAID_TO_BE_SECRET.sub(r"\1[secret]", text)
    text = _EMAIL.sub("[e-mail]", text)
    text = _CARD_LIKE.sub(_named_card, text)
    return _OPAQUE.sub(_named_secret, text)


def _named_card(match: re.Match[str]) -> str:
    digits = [int(c) for c in match.group() if c.isdigit()]
    return "[card]" if _luhn(digits) else match.group()


def _luhn(digits: list[int]) -> bool:
    """Return whether the check digit fits (ISO/IEC 7812-1, annex B)."""
    doubled = [d * 2 - 9 if d > 4 else d * 2 for d in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _named_secret(match: re.Match[str]) -> str:
    word = match.group()
    kinds = sum((any(c.isdigit() for c in word), any(c.isupper() for c in word), any(c.islower() for c in word)))
    if kinds < 2 or not any(c.isdigit() for c in word) or word.count("/") > 2 or _bits(word) < _LEAST_BITS:
        return word
    return "[secret]"


def _bits(word: str) -> float:
    """Return the entropy of the word's characters, in bits a character."""
    total = len(word)
    return -sum(n / total * math.log2(n / total) for n in Counter(word).values())
