"""A JSON document as a stream of its elements, wherever the text is cut and however bad it is."""

import json
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.sources.documents import elements
from pipelines.sources.rows import BrokenFile
from pipelines.sources.streams import Line

LONGEST = 10_000

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text('"\\[]{},: \n🚀a', max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text('"\\[]{}a', max_size=4), inner, max_size=4),
    max_leaves=20,
)
records = st.dictionaries(st.text(max_size=4), values, max_size=4)


def _cut(text: str, places: list[int]) -> Iterator[str]:
    """The text in pieces that end at the given places."""
    ends = sorted({place % (len(text) + 1) for place in places} | {len(text)})
    for start, end in zip([0, *ends], ends, strict=False):
        yield text[start:end]


def _elements(*pieces: str, longest: int = LONGEST) -> list[Line]:
    return list(elements(iter(pieces), "file", longest))


@given(
    st.lists(records, max_size=6),
    st.sampled_from([None, 1]),
    st.booleans(),
    st.lists(st.integers(0), max_size=20),
)
def test_the_elements_of_an_array_are_found_wherever_the_text_is_cut(given_records, indent, ascii_only, places) -> None:
    text = json.dumps(given_records, indent=indent, ensure_ascii=ascii_only)
    found = list(elements(_cut(text, places), "file", LONGEST))
    assert [json.loads(line.text) for line in found] == given_records
    assert all(line.reason is None for line in found)


@given(st.lists(records, max_size=6), st.sampled_from([None, 1]), st.lists(st.integers(0), max_size=20))
def test_documents_one_after_another_are_elements_too(given_records, indent, places) -> None:
    text = "\n".join(json.dumps(record, indent=indent) for record in given_records)
    found = list(elements(_cut(text, places), "file", LONGEST))
    assert [json.loads(line.text) for line in found] == given_records


def test_an_element_has_the_line_on_which_it_begins() -> None:
    assert _elements('[\n  {"a":\n 1},\n\n  {"b": 2}, {"c"', ":\n3}\n]\n[{}]") == [
        Line(2, '{"a":\n 1}'),
        Line(5, '{"b": 2}'),
        Line(5, '{"c":\n3}'),
        Line(8, "{}"),
    ]


def test_an_array_within_the_array_is_one_element() -> None:
    assert [line.text for line in _elements("[[1, 2], [[3]]]")] == ["[1, 2]", "[[3]]"]


def test_brackets_and_quotes_inside_strings_do_not_count() -> None:
    record = '{"a": "}]\\"{[\\\\", "b": "\\\\\\""}'
    for cut in range(len(record)):
        assert _elements("[" + record[:cut], record[cut:] + "," + record + "]") == [
            Line(1, record),
            Line(1, record),
        ]


def test_what_is_not_an_element_is_refused_and_hides_nothing() -> None:
    found = _elements('[{"a": 1}, 2,\n{"b": 2} oops {"c": 3}, ]] {"d": 4}')
    assert [line.text for line in found if line.reason is None] == [
        '{"a": 1}',
        '{"b": 2}',
        '{"c": 3}',
        '{"d": 4}',
    ]
    assert [(line.number, line.text) for line in found if line.reason] == [(1, ", 2,"), (2, "oops"), (2, "]")]


@pytest.mark.parametrize("text", ['[{"a": 1}', '[{"a": 1}, {"b"', '[{"a": 1}, {"b": "x', '[{"a": 1}, {"b": "x\\'])
def test_a_text_that_ends_inside_a_value_is_broken_after_what_it_gave(text: str) -> None:
    found = elements(iter([text]), "file", LONGEST)
    assert next(found) == Line(1, '{"a": 1}')
    with pytest.raises(BrokenFile, match="file: ends inside the JSON value that begins on line 1"):
        list(found)


def test_an_element_that_is_too_long_is_skipped_without_being_held() -> None:
    pieces = [
        '[{"a": 1}, {"b": "',
        *("x" * 2**20 for _ in range(50)),
        '"},\n{"c": [',
        *("[]," * 2**18,) * 20,
        ' 0]}, {"d": 1}]',
    ]
    tracemalloc.start()
    try:
        found = list(elements(iter(pieces), "file", 2**20))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [(line.number, line.reason is None) for line in found] == [
        (1, True),
        (1, False),
        (2, False),
        (2, True),
    ]
    assert found[1].text == '{"b": "' + "x" * 493
    assert "52,428,809 characters is longer than the 1,048,576 allowed" in found[1].reason
    assert peak < 10 * 2**20


def test_a_depth_bomb_stops_at_once() -> None:
    taken = []

    def bomb() -> Iterator[str]:
        for number in range(10_000):
            taken.append(number)
            yield "[" * 10_000

    with pytest.raises(BrokenFile, match="nested more than 1,000 deep"):
        list(elements(bomb(), "file", LONGEST))
    assert taken == [0]


@given(st.lists(st.text('"\\[]{},:1 \n', max_size=12), max_size=12))
def test_any_text_gives_elements_or_is_broken(pieces: list[str]) -> None:
    found = elements(iter(pieces), "file", 20)
    numbers = [1]
    with suppress(BrokenFile):
        numbers += [line.number for line in found]
    assert numbers == sorted(numbers)
    assert numbers[-1] <= 1 + "".join(pieces).count("\n")
