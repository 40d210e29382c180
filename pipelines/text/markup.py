"""Markup and entities: what a source wrapped around the words.

Here: HTML tags, Markdown links and entities turned into plain text. Not here: invisible characters and
white space (``clean.py``), saved pages with their furniture (``pipelines/sources/pages.py``).

Tags are removed by RE2 and not by a parser: every HTML parser builds a tree, and on unclosed nesting (a
megabyte of ``<ul><li>``) building it takes quadratic time, minutes for one hostile comment. RE2 is linear
whatever the text.
"""

import html.entities
import re
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

_ENTITY = r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
_COMPLETE = re.compile(_ENTITY)
_BLOCKS = (
    "p|div|ul|ol|dl|li|dt|dd|h[1-6]|blockquote|pre|table|tr|td|th|section|article|aside|header|footer|nav|main|hr|"
    "figure|figcaption|form|address|center"
)
_INSIDE_TAG = r"""(?:"[^"]*"|'[^']*'|[^<>"'])*"""
_TAG = rf"(?s)<[/!?]?[a-zA-Z\[]{_INSIDE_TAG}>|<[/!?]?[a-zA-Z][^<>]*>"
_BLOCK_TAG = rf"(?is)<(?:/?(?:{_BLOCKS}))(?:[\s/]{_INSIDE_TAG})?>"
_LINE_BREAK_TAG = r"(?i)<br\s*/?>"
_UNSHOWN = "script|style|noscript|template|svg"
# What is never closed runs to the end, as in a browser; it also keeps the search linear.
_UNSEEN = rf"(?is)<!--.*?(?:-->|\z)|<(?:{_UNSHOWN})\b.*?(?:</(?:{_UNSHOWN})\s*>|\z)"
_ESCAPED_TAG = rf"(?i)&lt;/?(?:{_BLOCKS}|br|a|img|span|strong|em)(?:\s[^<>]*)?/?&gt;"
_ESCAPED_BLOCK_END = r"(?i)&lt;/(?:p|div)&gt;"

_TARGET = r"\((?:[^()\s]|\([^()\s]*\))*(?:\s+(?:\"[^\"]*\"|'[^']*'))?\s*\)"
_IMAGE = rf"!\[(?:img|gif|image)?\]{_TARGET}"
_LINK = rf"!?\[([^\[\]]*)\]{_TARGET}"
_LINK_OR_ESCAPE = r"\]\(|\\|>!"
_ESCAPED_MARK = r"\\([\\`*_{}\[\]()#+\-.!~>|^$&])"


def strip_markup(texts: pa.Array, is_html: pa.Array, is_markdown: pa.Array) -> pa.Array:
    """The texts without tags, links and entities; row by row as the two masks say. Null stays null.

    Entities are unescaped at most twice ("&amp;amp;" is common, deeper is somebody's joke). A feed that
    escaped its HTML once more than needed is recognised by escaped tags where no plain one stands, or by
    escaped ends of blocks.
    """
    has_tag = pc.and_(is_html, pc.match_substring_regex(texts, _TAG))
    has_escaped_tag = pc.and_not(pc.match_substring_regex(texts, _ESCAPED_TAG), has_tag)
    has_escaped_tag = pc.or_(has_escaped_tag, pc.match_substring_regex(texts, _ESCAPED_BLOCK_END))
    has_escaped_tag = pc.and_(is_html, has_escaped_tag)
    texts = change_where(texts, has_escaped_tag, unescape)
    texts = change_where(texts, pc.or_(has_tag, has_escaped_tag), strip_tags)
    texts = change_where(texts, pc.match_substring(texts, "&"), unescape)
    is_open = pc.and_not(pc.match_substring_regex(texts, _ENTITY), pc.fill_null(has_escaped_tag, False))
    texts = change_where(texts, is_open, unescape)
    return change_where(texts, pc.and_(is_markdown, pc.match_substring_regex(texts, _LINK_OR_ESCAPE)), strip_links)


def strip_tags(texts: pa.Array) -> pa.Array:
    """HTML without its tags; blocks and <br> become line breaks, other white space one space."""
    texts = pc.replace_substring_regex(texts, _UNSEEN, " ")
    texts = pc.replace_substring_regex(texts, r"\s+", " ")
    texts = pc.replace_substring_regex(texts, _LINE_BREAK_TAG, "\n")
    texts = pc.replace_substring_regex(texts, _BLOCK_TAG, "\n\n")
    texts = pc.replace_substring_regex(texts, _TAG, "")
    texts = pc.replace_substring_regex(texts, r" *\n *", "\n")
    return pc.replace_substring_regex(texts, r"\n{3,}", "\n\n")


def strip_links(texts: pa.Array) -> pa.Array:
    """Markdown with ``[words](address)`` as words, without escapes and spoiler marks; quotes stay."""
    texts = pc.replace_substring_regex(texts, _IMAGE, "")
    texts = pc.replace_substring_regex(texts, _LINK, r"\1")
    texts = pc.replace_substring_regex(texts, r">!|!<", "")
    return pc.replace_substring_regex(texts, _ESCAPED_MARK, r"\1")


def unescape(texts: pa.Array) -> pa.Array:
    """One level of entities resolved; only complete ones, so "?a=1&copy=2" and "R&D" stay."""
    return pa.array([_COMPLETE.sub(_character, text) for text in texts.to_pylist()], pa.string())


def change_where(texts: pa.Array, rows: pa.Array, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """``texts`` with ``change`` applied to the rows of the mask only (null counts as no)."""
    rows = pc.fill_null(rows, False)
    if not pc.any(rows).as_py():
        return texts
    return pc.replace_with_mask(texts, rows, change(texts.filter(rows)))


def _character(entity: re.Match[str]) -> str:
    name = entity[0][1:]
    if name[0] == "#":
        return html.unescape(entity[0])
    return html.entities.html5.get(name, entity[0])
