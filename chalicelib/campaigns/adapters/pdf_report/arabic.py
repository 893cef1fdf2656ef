"""Right-to-left names: Arabic letters joined, and runs turned round for a printer that writes left to right.

Enough for a campaign's name, one line of it; no full bidirectional algorithm. Unicode itself says how letters
join: each joined form is a character of its own whose decomposition names its letter, such as ``<initial> 0628``.
"""

from __future__ import annotations

import functools
import re
import unicodedata

_FORMS = re.compile(r"<(?P<form>isolated|initial|medial|final)> (?P<letter>[0-9A-F]{4})")
_ARABIC_FORMS = (range(0xFB50, 0xFE00), range(0xFE70, 0xFF00))


def shaped(text: str) -> str:
    """Return ``text`` as it is drawn from left to right; text without Hebrew or Arabic is returned as it is."""
    if not any(_is_rtl(sign) for sign in text):
        return text
    return "".join(_turned(_joined(run)) if rtl else run for rtl, run in _runs(text))


def _is_rtl(sign: str) -> bool:
    return unicodedata.bidirectional(sign) in ("R", "AL", "NSM")


def _runs(text: str) -> list[tuple[bool, str]]:
    """Return (right to left?, run): words of one direction with the spaces between them."""
    runs: list[tuple[bool, str]] = []
    for piece in re.split(r"(\s+)", text):
        rtl = any(_is_rtl(sign) for sign in piece) or (not piece.strip() and bool(runs) and runs[-1][0])
        if runs and runs[-1][0] == rtl:
            runs[-1] = (rtl, runs[-1][1] + piece)
        else:
            runs.append((rtl, piece))
    return runs


def _turned(run: str) -> str:
    """Return the run from right to left, numbers in it left as they are."""
    core = run.rstrip()
    turned = core[::-1].translate(str.maketrans("()[]", ")(]["))
    return re.sub(r"[0-9\u0660-\u0669]+", lambda number: number[0][::-1], turned) + run[len(core) :]


@functools.cache
def _joining_forms() -> dict[str, dict[str, str]]:
    """Return {letter: {form: the character that is the letter in that form}}."""
    found: dict[str, dict[str, str]] = {}
    for code in (code for block in _ARABIC_FORMS for code in block):
        if match := _FORMS.fullmatch(unicodedata.decomposition(chr(code))):
            found.setdefault(chr(int(match["letter"], 16)), {})[match["form"]] = chr(code)
    return found


def _joined(run: str) -> str:
    forms = _joining_forms()
    letters = [sign for sign in run if unicodedata.category(sign) != "Mn"]
    drawn = []
    for i, sign in enumerate(letters):
        own = forms.get(sign, {})
        before = forms.get(letters[i - 1], {}) if i else {}
        after = forms.get(letters[i + 1], {}) if i + 1 < len(letters) else {}
        joins_before = "final" in own and "initial" in before
        joins_after = "initial" in own and "final" in after
        form = {(0, 0): "isolated", (0, 1): "initial", (1, 0): "final", (1, 1): "medial"}[
            joins_before, joins_after
        ]
        drawn.append(own.get(form, sign))
    return "".join(drawn)
