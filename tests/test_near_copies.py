"""Copies of nearly the same words: what counts as one, what never does, and that neither floods nor cuts change it."""

import os
import subprocess
import sys
import time
from datetime import datetime, timedelta

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from conftest import at
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text.clean import hash_words
from pipelines.text.copies import BAND_SLOTS, LEAST_ALIKE, RECENT, number_copies
from pipelines.text.near_copies import FINGERPRINT, MOST_CHARACTERS, SLOTS, fingerprints

NOON = at("2024-03-04 12:00:00")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
INSTANT = pa.timestamp("us", "UTC")

MESSAGES = [
    "Memory makers like Micron should see contract prices climb 12% next quarter as data centres hoard chips $MU",
    "The board of Tesla approved a new pay plan today and the old quarrel starts all over again $TSLA",
    "Anyone else think the guidance from Nvidia was sandbagged again, those order books looked packed $NVDA",
    "Spent the weekend reading the annual report of Intel and the foundry bleed worries me most $INTC",
    "$AAPL suppliers in Taiwan tell reporters that assembly of the cheaper phone begins in October",
    "Pfizer said regulators want another trial before they decide on the obesity pill, decision slips to 2027 $PFE",
    "Retail is piling into weekly options on $GME because one account posted a picture of a chair",
    "Walmart opens 40 automated warehouses, and the union is already planning a strike for Monday $WMT",
    "Every desk I talk to expects the Fed to wait until summer, nobody is positioned for a surprise",
    "Oil storage at Cushing is nearly empty and refiners are scrambling for barrels before driving season $XOM $CVX",
    "The spinoff of the cloud unit gives Oracle holders one new share for every 8 they own $ORCL",
    "Ford recalls 310000 trucks because the tailgate may open while driving, dealers have no parts yet $F",
]


def printed(bodies: list[str]) -> pa.Array:
    return fingerprints(pa.table({"title": pa.nulls(len(bodies), pa.string()), "body": pa.array(bodies, pa.string())}))


def copies(bodies: list[str], gap: timedelta = MINUTE) -> list[tuple[int | None, str | None, int]]:
    """Place of the original, kind and number of texts posted one after the other."""
    return posted(bodies, [NOON + place * gap for place in range(len(bodies))])


def posted(bodies: list[str], moments: list[datetime]) -> list[tuple[int | None, str | None, int]]:
    texts = pa.table(
        {
            "text_id": [f"{place:04}" for place in range(len(bodies))],
            "content_hash": hash_words(pa.array(bodies)),
            "fingerprint": printed(bodies),
            "known_at": pa.array(moments, INSTANT),
        }
    )
    rows = number_copies(texts).to_pylist()
    return [(row["copy_of"] and int(row["copy_of"]), row["copy_kind"], row["copy_number"]) for row in rows]


def kinds(pairs: list[tuple[str, str]]) -> list[str | None]:
    """What the second of each pair is of the first; each pair in a week of its own."""
    moments = [NOON + week * timedelta(days=7) + place * MINUTE for week in range(len(pairs)) for place in (0, 1)]
    return [kind for _, kind, _ in posted([text for pair in pairs for text in pair], moments)[1::2]]


def middle_word_changed(text: str) -> str:
    words = text.split()
    plain = [place for place, word in enumerate(words) if place > 2 and word.islower() and len(word) > 4]
    words[plain[len(plain) // 2]] = "gadzooks"
    return " ".join(words)


NEAR = {
    "a word changed": middle_word_changed,
    "a source added": lambda text: f"{text} via @tapewatch",
    "a source before it": lambda text: f"breaking: {text}",
    "a list of tickers added": lambda text: f"{text} $SPY $QQQ $DIA",
    "a list of hashtags added": lambda text: f"{text} #stocks #investing",
    "emoji added": lambda text: f"{text} 🚀🚀🔥",
    "another host, another title mark": lambda text: f"{text.replace(' and ', ' & ')} | read: https://example.org/p/1",
    "cut off": lambda text: text[: len(text) * 17 // 20] + "…",
    "cut off by dots": lambda text: text[: len(text) * 17 // 20] + "...",
    "a word left out": lambda text: text.replace(" the ", " ", 1) if " the " in text else text.replace(" ", " uh ", 1),
}


def test_an_edited_message_is_a_near_copy() -> None:
    found = {
        name: sum(kind is not None for kind in kinds([(text, edit(text)) for text in MESSAGES]))
        for name, edit in NEAR.items()
    }
    total = sum(found.values())
    assert total >= 0.93 * len(MESSAGES) * len(NEAR), found
    assert all(count >= 0.6 * len(MESSAGES) for count in found.values()), found
    assert sum(found[name] for name in found if "cut off" not in name) >= 0.98 * len(MESSAGES) * (len(NEAR) - 2), found


def test_only_punctuation_case_and_links_make_an_exact_copy() -> None:
    edited = [f"RT @someone: {text.upper()}!!! https://example.org/2" for text in MESSAGES]
    assert set(kinds(list(zip(MESSAGES, edited, strict=True)))) == {"exact"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("$MU closes 3% higher after strong demand for memory", "$AMD closes 3% higher after strong demand for memory"),
        ("$MU closes 3% higher after strong demand for memory", "$MU closes 5% higher after strong demand for memory"),
        ("$MU gained +3% in the session after strong demand", "$MU gained -3% in the session after strong demand"),
        ("$MU closes 3% higher after strong demand for memory", "$MU closes 3% lower after strong demand for memory"),
        ("I am long this name into the print, best chart in tech", "I am short this name into the print, best chart in tech"),
        ("I would buy this one before the report next week", "I would not buy this one before the report next week"),
        ("Micron shares slide after the export rules tighten again", "Intel shares slide after the export rules tighten again"),
        ("Buying more of this tomorrow at the open, thank me later $MU", "Buying more of this tomorrow at the open, thank me later $AMD"),
        ("Watch these names going into the open $MU $AMD $TSM", "Watch these names going into the open $KO $PEP $WMT"),
        ("this is going straight to the moon folks 🚀", "this is going straight to the moon folks 💀"),
        ("Price target 95 at the broker, rating stays where it was", "Price target 95.5 at the broker, rating stays where it was"),
    ],
)  # fmt: skip
def test_another_ticker_figure_or_direction_is_another_message(first: str, second: str) -> None:
    assert printed([first, second]).null_count == 0
    assert kinds([(first, second)]) == [None]


def test_templates_with_other_tickers_and_figures_are_never_copies() -> None:
    tickers = [a + b + c for a in "ABCDEFGH" for b in "KLMNP" for c in "QRSTV"]
    bodies = [f"${ticker} crossed its average of the last fifty sessions today, chart inside" for ticker in tickers]
    bodies += [
        f"Signal fired for our members at the price of {cents / 100} dollars, next one soon" for cents in range(200)
    ]
    assert {number for _, _, number in copies(bodies)} == {1}


def test_different_messages_are_no_copies() -> None:
    assert {number for _, _, number in copies(MESSAGES)} == {1}


def test_short_phrases_are_copies_only_when_they_are_the_same() -> None:
    bodies = ["to the moon", "to the moon boys", "To the moon!", "this is the way", "this is not the way"]
    assert printed(bodies).null_count == len(bodies)
    assert [kind for _, kind, _ in copies(bodies)] == [None, None, "exact", None, None]


def test_the_same_words_win_over_nearly_the_same_and_both_are_counted() -> None:
    text = MESSAGES[0]
    other = f"{text} via @tapewatch"
    assert copies([text, other, other, text]) == [(None, None, 1), (0, "near", 2), (1, "exact", 3), (0, "exact", 4)]


def test_a_near_copy_counts_for_a_day() -> None:
    text = MESSAGES[1]
    posts = [text, f"{text} via @tapewatch", f"{text} #stocks too"]
    assert copies(posts, 24 * HOUR) == [(None, None, 1), (0, "near", 2), (1, "near", 2)]
    assert copies(posts, 24 * HOUR + timedelta(microseconds=1)) == [(None, None, 1)] * 3


def test_a_chain_is_judged_pair_by_pair() -> None:
    words = [f"word{chr(97 + place)}" for place in range(20)]
    chain = [
        " ".join([*words[:place], *(word.replace("word", "other") for word in words[place:])]) for place in (20, 17, 14)
    ]
    assert kinds([(chain[0], chain[1]), (chain[1], chain[2]), (chain[0], chain[2])]) == ["near", "near", None]
    assert copies(chain) == [(None, None, 1), (0, "near", 2), (1, "near", 2)]


def test_only_the_beginning_of_a_huge_text_is_read() -> None:
    huge = "profit and loss of the quarter as told by the desk " * 25_000
    began = time.process_time()
    long_print, short_print = printed([huge + "end", huge[:MOST_CHARACTERS]])
    assert time.process_time() - began < 1
    assert long_print == short_print


@pytest.mark.parametrize(
    "body", [None, "", " \n ", "…", "$ # % ...", "@a " * 9_000, "$MU " * 9_000, "🚀" * 9_000, "9" * 90_000]
)
def test_what_has_no_words_has_no_fingerprint(body: str | None) -> None:
    assert printed([body]).null_count == 1


def test_no_texts_have_no_fingerprints() -> None:
    assert printed([]).type == pa.binary(FINGERPRINT.itemsize)
    assert len(printed([])) == 0


def test_a_fingerprint_does_not_depend_on_its_batch_or_chunks() -> None:
    together = printed(MESSAGES * 150)
    assert together.slice(7 * len(MESSAGES), len(MESSAGES)) == printed(MESSAGES)
    texts = pa.table({"title": pa.nulls(2, pa.string()), "body": MESSAGES[:2]})
    assert fingerprints(pa.concat_tables([texts, texts])) == printed(MESSAGES[:2] * 2)


def test_fingerprints_are_those_of_every_machine_and_process() -> None:
    """A library that computes other fingerprints finds other copies: that must not pass unseen."""
    expected = (
        "1b96a53a314ea330dc3ac38af5101c9215de3ad72000e301e46e78b33c9207147f75ccc8305b3e3feb4eb0838359f4880cb1c345233a9866"
        "4a7cf6f2ba1eae59f9ac5a5121f6aedf6bf7e0ad17b3bce119ac7534228b05ed000000000002a020082a000000000000000000800000001000"
        "100000000800006ce62f7e8c329298"
    )
    assert printed([MESSAGES[0]])[0].as_py().hex() == expected
    script = f"""
import pyarrow as pa
from pipelines.text.near_copies import fingerprints
print(fingerprints(pa.table({{"title": pa.nulls(1, pa.string()), "body": [{MESSAGES[0]!r}]}}))[0].as_py().hex())
"""
    for seed in ("1",):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        answer = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        assert answer.stdout.strip() == expected


def test_fingerprints_pass_through_the_database() -> None:
    prints = printed([*MESSAGES, "too short"])
    texts = pa.table({"fingerprint": prints})
    with duckdb.connect() as con:
        con.register("texts", texts)
        con.execute("create table kept as select * from texts")
        kept = con.execute("select fingerprint from kept").to_arrow_table()["fingerprint"]
    assert kept.to_pylist() == prints.to_pylist()
    numbered_from = pa.table(
        {
            "text_id": [str(place) for place in range(len(kept))],
            "content_hash": [str(place) for place in range(len(kept))],
            "fingerprint": kept,
            "known_at": pa.array([NOON] * len(kept), INSTANT),
        }
    )
    assert set(number_copies(numbered_from)["copy_number"].to_pylist()) == {1}


# -- against counting one by one -------------------------------------------------------------------------------------

WORDINGS = 12


def made_prints() -> np.ndarray:
    """A chain in which wordings up to four steps apart are alike, with names, tags and figures that divide some."""
    prints = np.zeros(WORDINGS, FINGERPRINT)
    for wording in range(WORDINGS):
        prints["slots"][wording] = np.where(np.arange(SLOTS) < 8 * wording, 1, 2)
        prints["names"][wording] = [0, (wording % 4) << 7]
        prints["tags"][wording] = [[1, 3, 1, 5][wording % 4], 0]
        prints["figures"][wording] = wording // 9
    return prints


PRINTS = made_prints()
WITHOUT_PRINT = WORDINGS - 1  # the last wording has none
Post = tuple[str, int | None, int]  # text_id, wording, minute


def number(posts: list[Post]) -> dict[str, tuple[str | None, str | None, int, float]]:
    rows = number_copies(
        pa.table(
            {
                "text_id": pa.array([text_id for text_id, _, _ in posts], pa.string()),
                "content_hash": pa.array([None if w is None else f"w{w}" for _, w, _ in posts], pa.string()),
                "fingerprint": pa.array(
                    [None if w in (None, WITHOUT_PRINT) else PRINTS[w].tobytes() for _, w, _ in posts],
                    pa.binary(FINGERPRINT.itemsize),
                ),
                "known_at": pa.array([NOON + minute * MINUTE for _, _, minute in posts], INSTANT),
            }
        )
    ).to_pylist()
    assert [row["text_id"] for row in rows] == [text_id for text_id, _, _ in posts]
    return {row["text_id"]: (row["copy_of"], row["copy_kind"], row["copy_number"], row["novelty"]) for row in rows}


def are_near(one: int, other: int) -> bool:
    if WITHOUT_PRINT in (one, other):
        return False
    a, b = PRINTS[one], PRINTS[other]
    agrees = a["slots"] == b["slots"]
    return bool(
        a["figures"] == b["figures"]
        and all(
            (a[name] & b[name] == a[name]).all() or (a[name] & b[name] == b[name]).all() for name in ("names", "tags")
        )
        and agrees.mean() >= LEAST_ALIKE
        and agrees.reshape(-1, BAND_SLOTS).all(axis=1).any()
    )


POSTS = st.lists(
    st.tuples(st.integers(0, WORDINGS - 1) | st.none(), st.integers(0, 60 * 60)), max_size=25
).map(lambda posts: [(f"t{place:02}", wording, minute) for place, (wording, minute) in enumerate(posts)])  # fmt: skip


@given(POSTS)
def test_the_numbers_are_those_of_comparing_every_pair(posts: list[Post]) -> None:
    found = number(posts)
    for text_id, wording, minute in posts:
        before = sorted(
            (other_minute, other_id, other_wording)
            for other_id, other_wording, other_minute in posts
            if None not in (wording, other_wording) and minute - 24 * 60 <= other_minute
            if (other_minute, other_id) < (minute, text_id)
        )
        exact = [other_id for _, other_id, other in before if other == wording]
        near = [other_id for _, other_id, other in before if other != wording and are_near(wording, other)]
        original, kind = (exact[0], "exact") if exact else (near[0], "near") if near else (None, None)
        k = 1 + len(exact) + len(near)
        assert found[text_id] == (original, kind, k, 0.75 ** (k - 1))


@given(POSTS, st.integers(0, 60 * 60))
def test_cutting_the_input_changes_no_row_before_the_cut(posts: list[Post], cut: int) -> None:
    whole = number(posts)
    before = [post for post in posts if post[2] < cut]
    assert number(before) == {post[0]: whole[post[0]] for post in before}


@given(POSTS, st.integers(0, 60 * 60))
def test_what_is_older_than_a_day_changes_no_row(posts: list[Post], since: int) -> None:
    whole = number(posts)
    recent = number([post for post in posts if post[2] >= since - 24 * 60])
    assert {post[0]: recent[post[0]] for post in posts if post[2] >= since} == {
        post[0]: whole[post[0]] for post in posts if post[2] >= since
    }


@given(POSTS, st.randoms())
def test_the_order_of_the_input_does_not_matter(posts: list[Post], chance) -> None:
    shuffled = posts.copy()
    chance.shuffle(shuffled)
    assert number(shuffled) == number(posts)


def test_a_row_without_a_moment_does_not_disturb_the_others() -> None:
    texts = pa.table(
        {
            "text_id": ["a", "b", "c"],
            "content_hash": ["u", "v", "w"],
            "fingerprint": pa.array([PRINTS[0].tobytes()] * 3, pa.binary(FINGERPRINT.itemsize)),
            "known_at": pa.array([None, NOON, NOON], INSTANT),
        }
    )
    assert number_copies(texts)["copy_of"].to_pylist() == [None, None, "b"]


# -- floods ----------------------------------------------------------------------------------------------------------


def flood(prints: np.ndarray, hashes: np.ndarray | None = None, window_hours: int = 20) -> list[dict]:
    count = len(prints)
    seconds = np.arange(count) * window_hours * 3_600 // count
    texts = pa.table(
        {
            "text_id": pa.array([f"{place:07}" for place in range(count)]),
            "content_hash": pa.array(np.arange(count) if hashes is None else hashes).cast(pa.string()),
            "fingerprint": pa.Array.from_buffers(pa.binary(FINGERPRINT.itemsize), count, [None, pa.py_buffer(prints)]),
            "known_at": pa.array(seconds * 1_000_000).cast(INSTANT),
        }
    )
    began = time.process_time()
    rows = number_copies(texts)
    assert time.process_time() - began < 5
    return rows.to_pylist()


def test_a_flood_of_alike_texts_points_at_the_first_in_linear_time() -> None:
    rows = flood(np.zeros(50_000, FINGERPRINT))
    assert {row["copy_of"] for row in rows[1:]} == {"0000000"}
    assert [row["copy_number"] for row in rows[: RECENT + 1]] == list(range(1, RECENT + 2))
    assert {row["copy_number"] for row in rows[RECENT + 1 :]} == {RECENT + 2}


def test_a_flood_that_shares_one_band_is_no_copy_of_anything() -> None:
    prints = np.zeros(50_000, FINGERPRINT)
    prints["slots"] = np.random.default_rng(3).integers(256, size=prints["slots"].shape)
    prints["slots"][:, :BAND_SLOTS] = 1
    assert {row["copy_of"] for row in flood(prints)} == {None}


def test_a_flood_does_not_hide_exact_copies() -> None:
    prints = np.zeros(50_000, FINGERPRINT)
    hashes = np.arange(50_000)
    hashes[-1] = hashes[0]
    assert flood(prints, hashes)[-1]["copy_of"] == "0000000"
    assert flood(prints, hashes)[-1]["copy_kind"] == "exact"
