"""The rewriting of texts before they are scored: order, types, and time, whatever the text."""

import time

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.sentiment.finance import rewrite


def rewritten(text: str) -> str:
    return rewrite(pa.array([text]))[0].as_py()


def test_rows_stay_in_order_and_null_stays_null():
    texts = pa.chunked_array([["a", None, "up 12%"], [], ["b"]])
    assert rewrite(texts).to_pylist() == ["a", None, "up_percent_large", "b"]
    assert rewrite(texts).null_count == 1


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_the_type_and_a_slice_are_respected(kind: pa.DataType):
    texts = pa.array(["x", None, "to the moon", "y"], kind)
    assert rewrite(texts.slice(1, 2)).to_pylist() == [None, "to_the_moon"]
    assert rewrite(texts).type == kind
    assert rewrite(texts.slice(0, 0)).to_pylist() == []


def test_a_text_without_a_term_comes_back_as_it_was():
    text = "Nothing, really: 12 & (34) * 5.6;\n\tname@host c'est l’été"
    assert rewritten(text) == text.replace("’", "'")


def test_anything_but_strings_is_refused_by_type():
    with pytest.raises(TypeError, match="int64"):
        rewrite(pa.array([1]))


pieces = st.sampled_from(
    [
        *"a$+-%.,'’!?#@&/ \n\t",
        "loss",
        "falls",
        "up",
        "12%",
        "to the moon",
        "$MU",
        "🚀",
        "💎🙌",
        "é",
        "漢",
        "if",
        "as",
        "http://",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.lists(pieces).map("".join), st.lists(pieces).map(" ".join), st.text()), max_size=5))
def test_every_text_is_rewritten_alone_as_in_company(texts: list[str]):
    together = rewrite(pa.array(texts, pa.string()))
    together.validate(full=True)
    assert together.to_pylist() == [rewritten(text) for text in texts]


@pytest.mark.parametrize(
    "piece",
    [
        "the loss was known ",
        "loss falls ",
        "🚀",
        "😀",
        "buy some of the calls ",
        "x",
        " ",
        "as if ",
        "“",
        "$A",
        "5%",
    ],
)
def test_time_grows_with_the_length_of_the_text(piece: str):
    """A quadratic rule would take 100 times as long for ten times the text; linear and noise stay below 40."""

    def seconds(size: int) -> float:
        text = pa.array([piece * (size // len(piece.encode()))])
        times = []
        for _ in range(3):
            start = time.perf_counter()
            rewrite(text)
            times.append(time.perf_counter() - start)
        return min(times)

    seconds(1_000)
    assert seconds(1_000_000) < 40 * max(seconds(100_000), 0.000_2)
