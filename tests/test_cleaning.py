"""Cleaning: markup, entities, invisible characters, white space; hashes; texts that say nothing."""

import pickle
import time
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.clean import clean


def rows(*bodies: str | None, body_format: str = "plain", title: str | None = None, **columns: Any) -> pa.Table:
    """Raw texts of one format."""
    count = len(bodies)
    return pa.table(
        {
            "text_id": pa.array([f"test:{i}" for i in range(count)], pa.string()),
            "title": pa.array([title] * count, pa.string()),
            "body": pa.array(bodies, pa.string()),
            "body_format": pa.array([body_format] * count, pa.string()),
            "language": pa.array(["en"] * count, pa.string()),
        }
        | columns
    )


def body(text: str, body_format: str = "plain") -> str:
    """One body, cleaned."""
    return clean(rows(text, body_format=body_format))["body"][0].as_py()


def reason(text: str | None, **columns: Any) -> str | None:
    """Why one body says nothing."""
    return clean(rows(text, **columns))["low_information_reason"][0].as_py()


def hashes(*bodies: str) -> list[str | None]:
    """Content hashes."""
    return clean(rows(*bodies))["content_hash"].to_pylist()


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("AT&amp;T and S&amp;P 500", "AT&T and S&P 500"),
        ("S&amp;amp;P", "S&P"),
        ("&amp;amp;amp;", "&amp;"),
        ("5 &gt; 3 &lt;3", "5 > 3 <3"),
        ("don&#39;t &#x27;buy&#x27; &euro;5", "don't 'buy' €5"),
        ("R&D, P&L, M&A; AT&T;", "R&D, P&L, M&A; AT&T;"),
        ("https://x.test/?a=1&copy=2&lt=3", "https://x.test/?a=1&copy=2&lt=3"),
        ("&notanentity; &;", "&notanentity; &;"),
        ("&#0;&#xD800;&#9999999;", "\ufffd\ufffd\ufffd"),
    ],
)
def test_entities_are_unescaped_at_most_twice(raw: str, cleaned: str) -> None:
    assert body(raw) == cleaned


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("First.<p>Second <i>one</i>.<p>Third", "First.\n\nSecond one.\n\nThird"),
        ("a<br>b<br/>c<BR />d", "a\nb\nc\nd"),
        ('See <a href="https://x.test/?a=b>c" rel="nofollow">the filing</a>!', "See the filing!"),
        ("<script>var x = '<p>';</script>Up 5%<!-- ad --> today", "Up 5% today"),
        ("kept <!-- never closed <p>lost", "kept"),
        ("line\n  of source <b>goes on</b>", "line of source goes on"),
        ("&lt;p&gt;Sold &amp;amp; gone&lt;/p&gt;&lt;p&gt;Next&lt;/p&gt;", "Sold & gone\n\nNext"),
        ("&lt;div class=&quot;md&quot;&gt;&lt;p&gt;Hold&lt;/p&gt;&lt;/div&gt;<br/>by you", "Hold\n\nby you"),
        ("I <3 $MU, 5 < 6 and 7 > 6", "I <3 $MU, 5 < 6 and 7 > 6"),
        ("no tags\nbut lines &amp; an entity", "no tags\nbut lines & an entity"),
    ],
)
def test_html_becomes_lines_of_words(raw: str, cleaned: str) -> None:
    assert body(raw, "html") == cleaned


def test_tags_in_plain_text_are_words() -> None:
    assert body("<b>not</b> html") == "<b>not</b> html"


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("read [the filing](https://x.test/a_(b)) now", "read the filing now"),
        ('[a](https://x.test "title") [b](/u/c)', "a b"),
        ("![img](emote|t5_x|1) up ![chart of MU](https://x.test/y.png)", "up chart of MU"),
        ("&gt; quoted words\n\nmine", "> quoted words\n\nmine"),
        ("&amp;#x200B;\n\ntext", "text"),
        (r"GME\_to\_moon \#1 ¯\\\_(ツ)", "GME_to_moon #1 ¯\\_(ツ)"),
        (">!hidden!<", "hidden"),
        ("**bold**, *and* a list:\n\n* one\n* two", "**bold**, *and* a list:\n\n* one\n* two"),
        ("[not a link] (at all)", "[not a link] (at all)"),
    ],
)
def test_markdown_links_become_their_words(raw: str, cleaned: str) -> None:
    assert body(raw, "markdown") == cleaned


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("$M\u200bU and $\u202eMU\u202c and Mic\u00adron", "$MU and $MU and Micron"),
        ("M\u200dU \u200dnow M\ufe0fU", "MU now MU"),
        ("a\x00b\x1fc\x7f", "abc"),
        ("one\x0btwo\x0cthree\u2028four", "one\ntwo\nthree\nfour"),
        ("tab\tkept, nbsp\u00a0and\u3000wide", "tab\tkept, nbsp and wide"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("It\x92s \x93fine\x94", "It’s “fine”"),
        ("cafe\u0301", "caf\u00e9"),
        ("ad\U000e0061\U000e0062s", "ads"),
        ("a  \n\n \n\t\n\n b \n", "a\n\n b"),
        ("a\n\n\nb", "a\n\n\nb"),
    ],
)
def test_invisible_characters_and_stray_space_are_removed(raw: str, cleaned: str) -> None:
    assert body(raw) == cleaned


@pytest.mark.parametrize(
    "text",
    [
        "🏳️‍🌈🐻 👨‍👩‍👧 👍🏽 1️⃣ ❤️‍🔥 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "“Curly” ‘quotes’ don’t change — nor do dashes…",
        "RT @user: $MU to $BRK.B, 5% OFF",
        "𝐁𝐮𝐲 ｆｕｌｌ ² ½",
    ],
)
def test_emoji_quotes_case_and_lookalikes_stay(text: str) -> None:
    assert body(text) == text


def test_a_title_is_one_line() -> None:
    cleaned = clean(rows("x", title=" <b>Up</b> &amp;\n away ", body_format="html"))
    assert cleaned["title"][0].as_py() == "Up & away"


def test_rows_keep_their_order_and_other_columns() -> None:
    raw = rows("a", None, "c &amp; d", symbols=pa.array([["MU"], None, []], pa.list_(pa.string())))
    cleaned = clean(raw)
    assert cleaned.column_names[: len(raw.column_names)] == raw.column_names
    assert cleaned["text_id"] == raw["text_id"]
    assert cleaned["symbols"] == raw["symbols"]
    assert cleaned["body"].to_pylist() == ["a", None, "c & d"]


def test_no_rows_give_no_rows_of_the_same_shape() -> None:
    assert clean(rows("a").slice(0, 0)).schema == clean(rows("a")).schema


def test_large_tables_are_cleaned_in_batches_alike() -> None:
    texts = [f"<p>row {i} &amp; more" for i in range(25_000)]
    cleaned = clean(rows(*texts, body_format="html"))
    assert cleaned["body"].to_pylist() == [f"row {i} & more" for i in range(25_000)]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(KeyError, match="body_format"):
        clean(rows("a").drop_columns("body_format"))


def test_cleaning_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(clean)) is clean


def test_copies_share_their_hash() -> None:
    same = hashes(
        "Micron beats again, raises guidance!",
        "RT @someone: micron BEATS again raises guidance https://x.test/abc",
        "@you Micron beats again – raises\n\nguidance…",
    )
    assert len(set(same)) == 1
    assert same[0] is not None and len(same[0]) == 32


def test_what_differs_in_meaning_differs_in_hash() -> None:
    different = hashes("$MU +5%", "$MU -5%", "$MU 5%", "$MU 🚀", "$MU 💀", "$MU", "$MU not", "$MUNOT up")
    assert len(set(different)) == len(different)


def test_a_text_without_words_has_no_hash() -> None:
    assert hashes("https://x.test", "@you @me", "…!?", "", "RT") == [None] * 5


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("thnx for sharing", "empty phrase"),
        ("Thanks for sharing!!! 🙏", "empty phrase"),
        ("@you great post, thank you so much", "empty phrase"),
        ("First", "empty phrase"),
        ("this.", "empty phrase"),
        ("Nice post 👍", "empty phrase"),
        ("🚀🚀🚀", "emoji only"),
        ("🚀 https://x.test/1", "emoji only"),
        ("https://x.test/1 @you", "link only"),
        ("+1", "no letters"),
        ("???", "no letters"),
        ("@you", "no letters"),
        ("", "empty"),
        (" \n", "empty"),
        (None, "empty"),
    ],
)
def test_texts_that_say_nothing_are_flagged_with_the_reason(text: str | None, why: str) -> None:
    assert reason(text) == why
    assert clean(rows(text))["is_low_information"].to_pylist() == [True]


@pytest.mark.parametrize(
    "text",
    [
        "$MU",
        "nice $MU",
        "🚀 $mu",
        "lol 5%",
        "thanks, sold everything yesterday",
        "GME 🚀🚀",
        "buy",
        "this is bullish",
        "first quarter was weak",
        "Great post but margins fall next quarter",
        "не покупай",
    ],
)
def test_a_text_that_says_something_is_not_flagged(text: str) -> None:
    assert reason(text) is None


def test_a_declared_symbol_or_a_title_says_something() -> None:
    assert reason("🚀", symbols=pa.array([["MU"]], pa.list_(pa.string()))) is None
    assert reason("🚀", symbols=pa.array([[]], pa.list_(pa.string()))) == "emoji only"
    assert reason(None, title="Why memory is cheap") is None


def test_every_phrase_of_the_list_is_recognised() -> None:
    from pipelines.text.low_information import PHRASES

    lines = [line.partition("#")[0].strip() for line in PHRASES.read_text("utf-8").splitlines()]
    phrases = [line for line in lines if line]
    flagged = clean(rows(*phrases))["is_low_information"].to_pylist()
    assert [phrase for phrase, is_low in zip(phrases, flagged, strict=True) if not is_low] == []


HOSTILE = {
    "one word": "a" * 10_000_000,
    "ampersands": "&" * 1_000_000,
    "entities": "&amp;" * 200_000,
    "angles": "<" * 1_000_000,
    "open tags": "<a " * 300_000,
    "open quotes": "<a '\"<b>" * 120_000,
    "open comments": "<!--<style></style>" * 50_000,
    "unclosed nesting": "<ul><li>" * 120_000,
    "brackets": "[" * 1_000_000,
    "open links": "[a](" * 250_000,
    "backslashes": "\\" * 1_000_000,
    "piled marks": "a" + "\u0301\u0316" * 250_000,
    "joiners": "\u200d" * 300_000,
    "emoji": "🚀" * 250_000,
    "line ends": " \r\n" * 300_000,
    "controls": "\x01" * 1_000_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_text_stalls_the_cleaning(kind: str) -> None:
    clean(rows("warm <b>up</b>", body_format="html"))
    for body_format in ("html", "markdown"):
        text = rows(HOSTILE[kind], body_format=body_format)
        started = time.process_time()
        clean(text)
        assert time.process_time() - started < 2


@given(st.lists(st.text(max_size=60) | st.none(), max_size=5), st.sampled_from(["plain", "html", "markdown"]))
def test_whatever_comes_in_the_words_that_come_out_hold_no_controls(bodies: list[str | None], form: str) -> None:
    cleaned = clean(rows(*bodies, body_format=form))["body"].to_pylist()
    assert [text is None for text in cleaned] == [text is None for text in bodies]
    for text in filter(None, cleaned):
        assert not any(ord(char) < 32 and char not in "\n\t" for char in text)
        assert not any(0x7F <= ord(char) < 0xA0 or char in "\u200b\u200e\u202e\u2066\ufeff\u00a0" for char in text)
        assert text == text.strip(" \t\n")


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="&\\<>[]"), max_size=80))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = body(text)
    assert body(once) == once
