"""What of a ticket is read, and what never leaves it."""

from __future__ import annotations

import time

import pytest

from chalicelib.tickets.domain.text import LONGEST_DESCRIPTION, MOST_TERMS, of_ticket, term_counts, words

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        ("mail me at ana.maria+x@example.co.uk please", "ana.maria"),
        ("card 4111 1111 1111 1111 was charged", "4111"),
        ("card 4111-1111-1111-1111.", "1111"),
        ("key AKIAIOSFODNN7EXAMPLE in the log", "AKIA"),
        ("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalr"),
        ("token xoxb-1234567890-abcdefghij", "xoxb"),
        ("Authorization: Bearer abc.def-ghi_jkl123", "abc.def"),
        (f"cookie {JWT}", "eyJ"),
        ("password: hunter2", "hunter2"),
        ("la contraseña es: gatito99", "gatito99"),
        ("password is hunter22 and nothing works", "hunter22"),
        ('{"api_key": "s3cr3tvalue"}', "s3cr3t"),
        ("postgres://bob:hunter2@db/x", "hunter2"),
        ("ghp_" + "a1B2" * 10, "a1B2"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIabc\ndef\n-----END RSA PRIVATE KEY-----", "MIIabc"),
        ("hex d2f1c0a99b3e4f5a6b7c8d9e0f1a2b3c4d5e6f70 here", "d2f1"),
    ],
)
def test_secrets_are_named_and_not_shown(said: str, secret: str) -> None:
    text = of_ticket(said, said)
    assert secret not in text.whole
    assert not any(secret.casefold() in term for term in term_counts(text.whole))


@pytest.mark.parametrize(
    "said",
    [
        "order 4111 1111 1111 1112 is late",
        "java.util.concurrent.ConcurrentHashMap throws",
        "/usr/local/share/applications/firefox3/plugins",
        "the password field is too small",
        "the password is wrong",
        "see https://example.com/docs/how-to-reset-a-connection-pool",
    ],
)
def test_what_is_no_secret_stays(said: str) -> None:
    assert of_ticket("", said).description == said


def test_html_becomes_text_without_scripts_and_quotes() -> None:
    html = (
        "<html><head><style>p{}</style></head><body><p>Export&nbsp;fails &amp; hangs</p><script>alert(1)</script>"
        "<div>every time</div><blockquote>On Monday you said\nit works</blockquote></body></html>"
    )
    description = of_ticket("<b>Export</b>", html).description
    assert "Export fails & hangs" in " ".join(description.split())
    assert "every time" in description
    assert "alert" not in description
    assert "it works" not in description


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<p>a<!-- no <p>no <!-- no -->b", "ab"),
        ("<p>a<!-- never closed <p>b", "a"),
        ("<p>a<script>if (x<y) w('<title>')</script>b<style>c</style>d", "abd"),
        ("<html><head><title>t</title><body>a</body>", "a"),
        ("<p>a<b title='1 > 0' class=\"x>y\">b</b>c", "abc"),
        ("<p>a <b unclosed and 1 < 2 & 3 > 2", "a <b unclosed and 1 < 2 & 3 > 2"),
        ("<!DOCTYPE html><?xml version='1.0'?><p>&lt;p&gt; &#252; &#xFC; &eacute; &nosuch;", "<p> ü ü é &nosuch;"),
        (f"<p>a &#{'1' * 5_000}; b &#x{'f' * 5_000}; c", "a \ufffd b \ufffd c"),
        ("<blockquote>old<br>older</blockquote><p>mine", "mine"),
        ("</p></script></blockquote>a<br/>b<BR>c", "a b c"),
    ],
)
def test_odd_html_is_shown_as_a_browser_would(html: str, shown: str) -> None:
    assert " ".join(of_ticket("", html).description.split()) == shown


def test_quotes_and_signature_are_cut() -> None:
    mail = (
        "The pool is empty.\n> it was full\n\nBest regards,\nAna\n+57 300\n\n"
        "On Tue, Jan 7, 2025 at 9:01, Bob <bob@x.io> wrote:\n> old\nolder"
    )
    assert of_ticket("s", mail).description == "The pool is empty."


def test_a_text_that_is_all_quote_is_kept() -> None:
    assert "everything" in of_ticket("s", "> everything is quoted").description


def test_a_text_without_a_word_has_no_terms() -> None:
    text = of_ticket("", " \n\t<br> ... ")
    assert text.whole.strip(" .") == ""
    assert term_counts(text.whole) == {}


@pytest.mark.parametrize(
    "filling",
    [
        "word ",
        "a",
        "<p>",
        "<",
        "> quoted\n",
        "1 ",
        "1",
        "-----BEGIN KEY-----",
        "@a.",
        "x" * 30 + "9A ",
        "pass word is ",
        "eyJ",
        "<a ",
        '<a b="',
        "<a '\"",
        "<!--",
        "<!",
        "</",
        "&#1",
        "&#x1;",
        "<script>",
        "<blockquote>",
    ],
)
def test_a_megabyte_is_shortened_said_and_quick(filling: str) -> None:
    began = time.process_time()
    text = of_ticket("subject", "<p>" + (filling * (1_000_000 // len(filling) + 1))[:1_000_000])
    counts = term_counts(text.whole)
    assert text.shortened
    assert len(text.description) <= LONGEST_DESCRIPTION * 2
    assert len(counts) <= MOST_TERMS
    assert time.process_time() - began < 20


def test_words_of_other_languages() -> None:
    assert list(words("Größe ist falsch")) == ["grösse", "ist", "falsch"]
    assert list(words("数据库错误")) == ["数据", "据库", "库错", "错误"]
    assert list(words("база данных")) == ["база", "данных"]
    assert list(words("تعذر الاتصال")) == ["تعذر", "الاتصال"]
    assert list(words("postgresのエラー")) == ["postgres", "のエ", "エラ", "ラー"]


def test_names_in_code_count_whole_and_in_parts() -> None:
    assert list(words("syncProducerConfig HTTPServer")) == [
        "syncproducerconfig", "sync", "producer", "config", "httpserver", "http", "server",
    ]  # fmt: skip


def test_counts_keep_the_order_of_saying() -> None:
    assert term_counts("pool pool empty") == {"pool": 2, "empty": 1}


def test_subject_is_one_line_without_controls() -> None:
    assert of_ticket("a\x1b[31m\r\nb\u202ec\x00", "").subject == "a bc"
