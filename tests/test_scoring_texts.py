"""What ``score`` takes and gives back, and what a scorer is made of."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pytest
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from pipelines.sentiment import score, scorer_version
from pipelines.sentiment.lexicon import Scorer, lexicon
from pipelines.sentiment.score import SCORERS

TEXTS = ["A good day", None, "", "not so great!!", "😀 ok", None, "x" * 70, "BAD but fine"]
SCHEMA = pa.schema([(name, pa.float64()) for name in ("neg", "neu", "pos", "compound")])


def test_one_row_per_text_in_order_and_null_for_null():
    scores = score(pa.array(TEXTS))
    package = SentimentIntensityAnalyzer()
    assert scores.schema == SCHEMA
    assert scores.to_pylist() == [
        dict.fromkeys(SCHEMA.names) if text is None else package.polarity_scores(text) for text in TEXTS
    ]


def test_empty_and_blank_texts_score_zero_in_all_four():
    assert score(pa.array(["", " \n\u2003"])).to_pylist() == [dict.fromkeys(SCHEMA.names, 0.0)] * 2


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())]
)
def test_every_arrow_string_scores_the_same(kind: pa.DataType):
    plain = score(pa.array(TEXTS))
    texts = (
        pa.array(TEXTS).dictionary_encode().cast(kind) if isinstance(kind, pa.DictionaryType) else pa.array(TEXTS, kind)
    )
    assert texts.type == kind
    assert score(texts) == plain
    assert score(texts.slice(2, 4)) == plain.slice(2, 4)
    assert (
        score(pa.chunked_array([texts.slice(0, 3), texts.slice(3, 0), texts.slice(3)])).to_pylist() == plain.to_pylist()
    )


def test_a_null_in_a_dictionary_is_null():
    texts = pa.DictionaryArray.from_arrays(pa.array([0, 1, None], pa.int8()), pa.array(["good", None]))
    assert score(texts)["compound"].to_pylist() == [0.4404, None, None]


@pytest.mark.parametrize("texts", [pa.array([], pa.string()), pa.chunked_array([], pa.string())])
def test_no_texts_give_no_rows(texts: pa.Array | pa.ChunkedArray):
    assert score(texts) == SCHEMA.empty_table()


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (pa.array([1, 2]), "int64"),
        (pa.array([b"good"]), "binary"),
        (pa.array([None]), "null"),
        (pa.chunked_array([], pa.float64()), "double"),
        (["good"], "list"),
        ("good", "str"),
    ],
)
def test_what_is_not_text_is_refused_by_its_type(texts, kind: str):
    with pytest.raises(TypeError, match=rf"must be an Arrow array of strings, not {kind}$"):
        score(texts)


def test_an_unknown_scorer_is_refused_with_the_known_ones():
    for ask in (lambda: score(pa.array(["good"]), "textblob"), lambda: scorer_version("textblob")):
        with pytest.raises(ValueError, match=r"unknown scorer 'textblob'; known are vader"):
            ask()


@pytest.mark.parametrize(
    "broken", [b"good \xff", b"\xe2\x82", b"\xed\xa0\x80", b"\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf"]
)
def test_bytes_that_are_no_utf8_never_reach_the_kernel(broken: bytes):
    texts = pa.Array.from_buffers(pa.string(), 1, pa.array([broken]).buffers())
    with pytest.raises(pa.ArrowInvalid):
        score(texts)


def test_broken_bytes_under_a_null_do_not_matter():
    _, offsets, data = pa.array([b"\xff\xe2", b"good"]).buffers()
    texts = pa.Array.from_buffers(pa.string(), 2, [pa.py_buffer(b"\x02"), offsets, data])
    assert score(texts)["compound"].to_pylist() == [None, 0.4404]


def test_any_number_of_threads_gives_the_same_scores():
    texts = pa.array([f"{word} number {number}!" for number in range(30_000) for word in ("good", "BAD", "no 😀")])
    alone = score(texts, threads=1)
    assert score(texts, threads=3) == alone
    with ThreadPoolExecutor(4) as pool:
        assert all(scores == alone for scores in pool.map(score, [texts] * 4))


def test_score_can_be_sent_to_another_process():
    assert pickle.loads(pickle.dumps(score)) is score


def shouting(texts: pa.Array) -> pa.Array:
    return pa.array([text.as_py().replace("shouted", "GREAT") for text in texts])


def test_an_overlay_scores_as_the_package_with_the_same_words_changed(monkeypatch: pytest.MonkeyPatch):
    valences = {
        "share": None,
        "moon": 3.0,
        "hodl": 1.5,
        "but": -2.0,
        "no": None,
        "крах": -2.5,
        "рад": 2.0,
        "да": 1.0,
        "least": 0.1,
    }
    emoji = {"🚀": "to the moon", "💎": None, "ツ": "hodl"}
    monkeypatch.setitem(SCORERS, "laid over", Scorer(valences, emoji))
    package = SentimentIntensityAnalyzer()
    package.lexicon = {word: value for word, value in {**package.lexicon, **valences}.items() if value is not None}
    package.emojis = {word: value for word, value in {**package.emojis, **emoji}.items() if value is not None}
    texts = [
        "share 🚀🚀 ok!",
        "x💎 hands ツ",
        "КРАХ! the tape",
        "(рад) (да) да",
        "good but moon BUT крах",
        "no good",
        "at least good",
        "least good",
    ]
    assert score(pa.array(texts), "laid over").to_pylist() == [package.polarity_scores(text) for text in texts]


def test_cleaning_comes_before_the_words(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(SCORERS, "cleaned", Scorer(clean=shouting))
    assert score(pa.array(["a shouted day", None]), "cleaned") == score(pa.array(["a GREAT day", None]))


@pytest.mark.parametrize("term", ["Moon", "to the moon", "", " moon", "οδος", "i\u0307x"])
def test_a_term_that_could_never_match_is_refused(term: str):
    with pytest.raises(ValueError, match="a term is one lower-case word"):
        lexicon(Scorer({term: 1.0}))


@pytest.mark.parametrize("emoji", ["ab", "x", "", "❤️"])
def test_an_emoji_that_could_never_match_is_refused(emoji: str):
    with pytest.raises(ValueError, match="an emoji is one character"):
        lexicon(Scorer(emoji={emoji: "heart"}))


def test_a_version_names_the_package_and_changes_with_the_content():
    version = scorer_version("vader")
    assert version.startswith("3.3.2+")
    scorers = [
        Scorer(),
        Scorer({"moon": 3.0}),
        Scorer({"moon": 2.0}),
        Scorer(emoji={"🚀": "up"}),
        Scorer(clean=shouting, fingerprint="1a2b"),
    ]
    versions = [lexicon(scorer).version for scorer in scorers]
    assert versions[0] == version
    assert len(set(versions)) == len(versions)
