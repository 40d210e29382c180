"""Language: declared codes tidied, the rest told by script, English words or py3langid, or left open."""

import json
import time
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pytest
import zstandard

from pipelines.text.language import detect_language, settle_language


def detected(*texts: str | None) -> list[str | None]:
    """Detected languages."""
    return detect_language(pa.array(texts, pa.string())).to_pylist()


def settled(declared: str | None, text: str) -> str | None:
    """Language of one text with a declared one."""
    return settle_language(pa.array([declared], pa.string()), pa.array([text]))[0].as_py()


@pytest.mark.parametrize(
    ("declared", "language"),
    [
        ("en", "en"),
        ("EN-us", "en"),
        ("pt_BR", "pt"),
        ("in", "id"),
        ("iw", "he"),
        (" de ", "de"),
        ("nb", "no"),
    ],
)
def test_a_declared_language_is_kept_as_iso_639_1(declared: str, language: str) -> None:
    assert settled(declared, "the words of this are English") == language


@pytest.mark.parametrize("declared", [None, "", "und", "zxx"])
def test_an_undeclared_language_is_detected(declared: str | None) -> None:
    assert settled(declared, "they say that this stock will rise") == "en"
    assert settled(declared, "x") is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I think the market will go up because they cut rates", "en"),
        ("$MU $NVDA earnings beat, stock up after the close https://x.test/a", "en"),
        ("RT @user: you’re not buying this dip? don’t", "en"),
        ("they will not tell you what this is ಠ_ಠ", "en"),
        ("$MU これは株価です 買い", "ja"),
        ("Die Aktie ist heute stark gefallen, weil der Gewinn enttäuscht hat", "de"),
        ("La acción subió mucho hoy porque los resultados fueron muy buenos", "es"),
        ("L'action a beaucoup baissé aujourd'hui après les résultats de l'entreprise", "fr"),
        ("As ações caíram até o fim do dia porque os resultados foram ruins", "pt"),
        ("Акции сильно выросли сегодня после хорошей отчётности компании", "ru"),
        ("株価は今日とても上がりました", "ja"),
        ("股票今天大涨", "zh"),
        ("주가가 올랐다", "ko"),
        ("หุ้นขึ้น", "th"),
        ("ארוך", "he"),
    ],
)
def test_the_language_of_a_text_is_found(text: str, language: str) -> None:
    assert detected(text) == [language]


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "ಠ_ಠ",
        "¯\\_(ツ)_/¯ whatever",
        "🚀🚀🚀",
        "lol nice",
        "$MU $NVDA $AMD $INTC",
        "https://x.test/das-ist-nicht-gut @you",
        "12.5 30c 1/15",
        "𝐁𝐮𝐲 𝐭𝐡𝐞 𝐝𝐢𝐩",
    ],
)
def test_a_short_or_wordless_text_is_left_open(text: str | None) -> None:
    assert detected(text) == [None]


def test_an_english_name_does_not_make_a_text_english() -> None:
    text = "El banco anunció que Bank of the West será vendido este año a otra empresa por muchos millones"
    assert detected(text) == ["es"]


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    text = "the end of this and that is what they have " * 25 + "это русский текст " * 500_000
    started = time.process_time()
    assert detected(text) == ["en"]
    assert time.process_time() - started < 1


def tweets(shared: Path) -> dict[str, str]:
    """Declared language by text, of one month."""
    file = shared / "stocknet-2014" / "tweets-2014-06.ndjson.zst"
    lines = zstandard.ZstdDecompressor().stream_reader(file.read_bytes()).read().decode().splitlines()
    rows = [json.loads(line) for line in lines]
    return {row["text"]: row["lang"] for row in rows if row["lang"] != "und"}


def test_english_tweets_are_not_taken_for_another_language(shared: Path) -> None:
    declared = tweets(shared)
    found = detected(*declared)
    pairs = Counter(
        (a == "en", "open" if b is None else b == "en") for a, b in zip(declared.values(), found, strict=True)
    )
    english = sum(count for (is_english, _), count in pairs.items() if is_english)
    assert pairs[True, False] / english < 0.002
    assert pairs[True, True] / english > 0.8
    # Twitter calls many an English line of cashtags Indonesian or Slovak: hence not more.
    assert pairs[False, False] / (pairs[False, False] + pairs[False, True]) > 0.6


def test_reddit_posts_are_english(shared: Path) -> None:
    lines = (shared / "wsb-pushshift" / "wallstreetbets_comments.ndjson").read_text("utf-8").splitlines()
    found = Counter(detected(*(json.loads(line)["body"] for line in lines)))
    assert set(found) == {"en", None}
