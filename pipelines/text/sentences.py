"""Texts into sentences, each with the section it stands in and the stance which its heading announces.

Here: lines, their order and what they belong to. Not here: the boundaries inside a line (``splitter.py``),
what makes a line a heading or a quote (``headings.py``), scores. A heading is no sentence: it is the
``section`` of those below it.

Columns as far as it goes: only a line that may hold two sentences meets the splitter, row by row.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.text.headings import (
    closing_label,
    heading_stance,
    heading_words,
    is_rule,
    label_stance,
    strip_item,
    strip_quote,
)
from pipelines.text.low_information import LINK_OR_HANDLE
from pipelines.text.splitter import LONGEST_SENTENCE, cut_sentence, split_line

BATCH_ROWS = 10_000  # texts worked on at a time

_NO_WORDS = LINK_OR_HANDLE + r"|[$＄][A-Za-z][\w.\-]*|\bvia\b"
_WORDS = r"[\p{L}\p{So}]"
_TWO_SENTENCES = r"[.!?…][\"'”’»)\]}*_]*\s"
_SENTENCE_ROWS = pa.schema(
    [
        ("text_id", pa.string()),
        ("position", pa.int32()),
        ("sentence", pa.string()),
        ("section", pa.string()),
        ("stance", pa.string()),
        ("is_title", pa.bool_()),
        ("is_quote", pa.bool_()),
        ("has_words", pa.bool_()),
    ]
)


class _Lines(NamedTuple):
    """Lines in the order of their texts; ``text`` is the row of the text that each comes from."""

    text: np.ndarray
    is_title: np.ndarray
    is_quote: np.ndarray
    words: pa.Array


def split_sentences(texts: pa.Table) -> pa.Table:
    """The sentences of cleaned texts (``text_id``, ``title``, ``body``, perhaps ``day``), in order.

    One row per sentence:

    - ``text_id``, ``day`` (date32, only if it was given);
    - ``position`` (int32): counts from 0 in a text with a title (the title is 0), from 1 in one without;
    - ``sentence``: at most 1,000 characters, without bullet, number or ``>``; never blank;
    - ``section``: heading above it, without its colon; null before the first heading, in titles and in
      quotes;
    - ``stance``: bullish | bearish | risk where that heading, or a label at the start of the line,
      announces it;
    - ``is_title``; ``is_quote``: somebody else's words (``> quoted``);
    - ``has_words``: something is left beside addresses, @handles and cashtags, in letters or emoji.

    No character but white space, bullets, ``>``, drawn lines and a heading's marks is lost: a heading with
    nothing under it stays a sentence. Raises ``KeyError`` where a column is missing.
    """
    starts = range(0, max(texts.num_rows, 1), BATCH_ROWS)
    return pa.concat_tables([_split_batch(texts.slice(start, BATCH_ROWS)) for start in starts])


def _split_batch(texts: pa.Table) -> pa.Table:
    lines = _lines(texts)
    section, stance, is_heading = _sections(lines)
    row = np.flatnonzero(~is_heading)
    words = lines.words.take(pa.array(row))
    origin, words = _split_rows(words, pc.match_substring_regex(words, _TWO_SENTENCES), split_line)
    row = row[origin]
    origin, words = _split_rows(words, pc.greater(pc.utf8_length(words), LONGEST_SENTENCE), cut_sentence)
    row = row[origin]

    text = lines.text[row]
    columns = [
        _strings(texts, "text_id").take(pa.array(text)),
        _positions(text, lines, len(texts)),
        words,
        section.take(pa.array(row)),
        stance.take(pa.array(row)),
        lines.is_title[row],
        lines.is_quote[row],
        _has_words(words),
    ]
    sentences = pa.table(columns, schema=_SENTENCE_ROWS)
    if "day" in texts.column_names:
        sentences = sentences.append_column("day", texts["day"].combine_chunks().take(pa.array(text)))
    return sentences


def _lines(texts: pa.Table) -> _Lines:
    """Every line with something written on it, titles first, without the marks of quotes and lists."""
    title_text, titles = _filled_lines(_strings(texts, "title"))
    body_text, bodies = _filled_lines(_strings(texts, "body"))
    bodies, is_quote = strip_quote(bodies)
    bodies, _ = strip_item(bodies)
    text = np.concatenate([title_text, body_text])
    is_title = np.arange(len(text)) < len(titles)
    is_quote = np.concatenate([np.zeros(len(titles), bool), is_quote.to_numpy(False)])
    is_drawn = np.concatenate([np.zeros(len(titles), bool), is_rule(bodies).to_numpy(False)])
    order = np.lexsort([~is_title, text])
    order = order[~is_drawn[order]]
    words = pa.concat_arrays([titles, bodies]).take(pa.array(order))
    return _Lines(text[order], is_title[order], is_quote[order], words)


def _filled_lines(texts: pa.Array) -> tuple[np.ndarray, pa.Array]:
    """For each line that is not blank: the row of its text, and the line without white space around it."""
    lists = pc.split_pattern(texts, "\n")
    lines = pc.utf8_trim_whitespace(lists.flatten())
    filled = pc.not_equal(lines, "")
    return pc.list_parent_indices(lists).filter(filled).to_numpy(), lines.filter(filled)


def _sections(lines: _Lines) -> tuple[pa.Array, pa.Array, np.ndarray]:
    """For each line the heading above it and the stance announced, and whether it is itself a heading."""
    own = ~(lines.is_title | lines.is_quote)
    leads = own.copy()  # another line of the author follows in the same text
    leads[-1:] = False
    leads[:-1] &= own[1:] & (lines.text[1:] == lines.text[:-1])
    follows = np.zeros_like(leads)
    follows[1:] = leads[:-1]

    is_end = _where(lines.words, follows, closing_label).is_valid().to_numpy(False)
    headings = _where(lines.words, leads, heading_words)
    is_heading = headings.is_valid().to_numpy(False)
    # Of headings right below each other only the last has lines of its own: the others stay sentences.
    is_heading[:-1] &= ~(is_heading | is_end)[1:]

    row = np.arange(len(own))
    above = np.maximum.accumulate(np.where(is_heading | is_end, row, -1))
    stands_under = own & (above >= 0) & is_heading[above] & (lines.text[above] == lines.text)
    above = pa.array(above, mask=~stands_under)
    announced = _where(headings, is_heading, heading_stance).take(above)
    stance = pc.coalesce(_where(lines.words, own, label_stance), announced)
    return headings.take(above), stance, is_heading


def _where(words: pa.Array, rows: np.ndarray, ask: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """What ``ask`` answers for the rows of the mask; null for the others."""
    if not rows.any():
        return pa.nulls(len(words), pa.string())
    mask = pa.array(rows)
    return pc.replace_with_mask(pa.nulls(len(words), pa.string()), mask, ask(words.filter(mask)))


def _split_rows(words: pa.Array, rows: pa.Array, split: Callable[[str], list[str]]) -> tuple[np.ndarray, pa.Array]:
    """The words with the rows of the mask split; beside them the row that each comes from."""
    row = np.arange(len(words))
    if not pc.any(rows).as_py():
        return row, words
    parts = pa.array([split(text) for text in words.filter(rows).to_pylist()], pa.list_(pa.string()))
    mask = rows.to_numpy(False)
    origin = np.concatenate([row[~mask], row[mask][pc.list_parent_indices(parts).to_numpy()]])
    order = np.argsort(origin, kind="stable")
    whole = words.filter(pc.invert(rows))
    return origin[order], pa.concat_arrays([whole, parts.flatten()]).take(pa.array(order))


def _has_words(sentences: pa.Array) -> pa.Array:
    """Whether anything is said beside what a sentence only points at."""
    return pc.match_substring_regex(pc.replace_substring_regex(sentences, _NO_WORDS, " "), _WORDS)


def _positions(text: np.ndarray, lines: _Lines, count: int) -> np.ndarray:
    """Number of each sentence in its text: from 0 where there is a title, from 1 where there is none."""
    first = np.ones(count, np.int64)
    first[lines.text[lines.is_title]] = 0
    starts = np.searchsorted(text, np.arange(count))
    return (np.arange(len(text)) - starts[text] + first[text]).astype(np.int32)


def _strings(texts: pa.Table, name: str) -> pa.Array:
    return texts[name].combine_chunks().cast(pa.string())
