"""Fonts, and text in any script.

DejaVu Sans (in ``fonts/``, free to ship) has Latin, Greek, Cyrillic, Hebrew, Arabic, Armenian and Georgian.
Chinese, Japanese and Korean are set in the PDF format's own Asian fonts, which viewers bring along: a font with
those signs would be larger than all else that ships. A sign that none of them has, such as an emoji, is shown as
an empty box: seen to be missing rather than silently gone.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

from arabic_reshaper import ArabicReshaper
from bidi.algorithm import get_display
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD = "DejaVuSans", "DejaVuSans-Bold"
CHINESE, JAPANESE, KOREAN = "STSong-Light", "HeiseiKakuGo-W5", "HYGothic-Medium"
MISSING = "\u25a1"
_ASIAN = ((0x2E80, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFF00, 0xFFEF))


@functools.cache
def load_fonts() -> None:
    """Make the fonts known to reportlab, once a process."""
    folder = Path(__file__).parent / "fonts"
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    for name in (CHINESE, JAPANESE, KOREAN):
        pdfmetrics.registerFont(UnicodeCIDFont(name))


def markup(text: str, font: str = REGULAR) -> str:
    """Return ``text`` as reportlab's paragraph markup, each run in a font that has its signs."""
    load_fonts()
    plain = shaped("".join(_visible(" ".join(unicodedata.normalize("NFC", text).split()), font)))
    asian = _asian_font(plain)
    runs = groupby(_visible(plain, font), key=lambda sign: font if _has(font, sign) else asian)
    return "".join(
        escape("".join(signs)) if face == font else f'<font name="{face}">{escape("".join(signs))}</font>'
        for face, signs in runs
    )


@functools.cache
def _reshaper() -> ArabicReshaper:
    """Return what joins Arabic letters; Allah is spelt out, because DejaVu has no sign for the whole word."""
    return ArabicReshaper({"ARABIC LIGATURE ALLAH": False})


def shaped(text: str) -> str:
    """Return a line as it is drawn from left to right: Arabic letters joined, right-to-left runs turned round.

    Which direction the line has, its first letter says. ``bidi.algorithm`` mirrors brackets; ``bidi.get_display``
    of 0.6.12 does not.
    """
    return str(get_display(_reshaper().reshape(text)))


def _visible(text: str, font: str) -> Iterator[str]:
    for sign in text:
        if unicodedata.category(sign) in ("Cc", "Cf", "Cs") or "\ufe00" <= sign <= "\ufe0f":
            continue
        known = unicodedata.category(sign) != "Cn"  # not assigned: without a direction, too
        yield sign if known and (_has(font, sign) or _is_asian(sign)) else MISSING


def _has(font: str, sign: str) -> bool:
    return ord(sign) in pdfmetrics.getFont(font).face.charToGlyph


def _is_asian(sign: str) -> bool:
    return any(first <= ord(sign) <= last for first, last in _ASIAN)


def _asian_font(text: str) -> str:
    if any("\u3040" <= sign <= "\u30ff" for sign in text):
        return JAPANESE
    if any("\uac00" <= sign <= "\ud7a3" for sign in text):
        return KOREAN
    return CHINESE
