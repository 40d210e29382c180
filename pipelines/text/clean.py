"""From the text as its source gave it to plain words: the first step of the flow that changes anything.

Here: markup and invisible characters removed, white space tidied, and beside the words their language, a
hash that copies share, and whether they say anything. Not here: sentences, what is somebody else's words
(quoted lines and the "RT @user: " of a retweet stay), look-alike letters (only NFC), who wrote it.

Everything is Arrow kernels over columns, over the rows that need it only, and linear in the text.
"""

import hashlib

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.text.language import settle_language
from pipelines.text.low_information import LINK_OR_HANDLE, low_information_reason
from pipelines.text.markup import change_where, strip_markup

BATCH_ROWS = 10_000  # rows worked on at a time; keeps intermediate columns small
HASH_BYTES = 16

_CONTROL = r"[\x00-\x08\x0b-\x1f\x7f]"
# Invisible: soft hyphen, joiners, bidi marks and embeddings, invisible operators, byte order mark, fillers,
# annotation anchors, selectors of ideographic variants.
_INVISIBLE = (
    r"[\x{00AD}\x{034F}\x{061C}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180B}-\x{180E}\x{200B}\x{200C}\x{200E}\x{200F}"
    r"\x{202A}-\x{202E}\x{2060}-\x{206F}\x{3164}\x{FEFF}\x{FFA0}\x{FFF9}-\x{FFFB}\x{E0100}-\x{E01EF}]"
)
# A joiner or selector inside an emoji is part of it; beside a letter, digit or space it only deceives.
_JOINER = r"[\x{200D}\x{FE00}-\x{FE0F}]"
_JOINER_AFTER_WORD = r"(^|[\p{L}\p{N}\p{P}\p{Z}\s$])\x{200D}+"
_JOINER_BEFORE_WORD = r"\x{200D}+([\p{L}\p{N}\p{P}\p{Z}\s$]|\z)"
_SELECTOR_IN_WORD = r"(\p{L})[\x{FE00}-\x{FE0F}]+"
# Invisible letters, which only the flags of England, Scotland and Wales have a use for.
_TAG = r"[\x{E0000}-\x{E007F}]"
_TAGS = r"(\x{1F3F4}[\x{E0020}-\x{E007F}]+)|[\x{E0000}-\x{E007F}]+"
# Unicode's stream-safe form allows 30 marks on a letter; ordering more takes quadratic time.
_PILED_MARKS = r"(\p{M}{30})\p{M}+"
_LATE_CONTROL = r"[\x{0080}-\x{009F}]"
_SPACE = r"[\x{00A0}\x{1680}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}]"
_LINE_SEPARATOR = r"[\x{2028}\x{2029}]"

# Bytes of Windows-1252 read as Latin-1: the quotes and dashes of half the web.
_WINDOWS_1252 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}

_PUNCTUATION = r"[^\p{L}\p{M}\p{N}\p{So}]+"  # emoji stay: a rocket and a skull are not copies of each other
_SIGNED = r"(^|\s)[+\-−]([$€£]?\d)"  # nor are "+5 %" and "-5 %"
_POINT = r"(\d)[.,](\d)"  # nor 1.5 and 15
_PLUS, _MINUS = r"(^|\s)\+([$€£]?\d)", r"(^|\s)[\-−]([$€£]?\d)"


def clean(texts: pa.Table) -> pa.Table:
    """The same rows in the same order, cleaned; other columns pass through untouched.

    Reads ``title``, ``body``, ``body_format`` (plain | html | markdown, null means plain), ``language`` (as
    declared) and, where there is one, ``symbols``. Rewrites ``title`` (one line), ``body`` and ``language``
    (ISO 639-1: declared, else detected, else null) and adds

    - ``content_hash`` (32 hex digits, null where no word or emoji is left): equal for texts of the same
      words, whatever their case, punctuation, links, @handles and retweet marks;
    - ``is_low_information`` and ``low_information_reason`` (null where the text says something).

    Raises ``KeyError`` where a column is missing.
    """
    starts = range(0, max(texts.num_rows, 1), BATCH_ROWS)
    return pa.concat_tables([_clean_batch(texts.slice(start, BATCH_ROWS)) for start in starts])


def _clean_batch(texts: pa.Table) -> pa.Table:
    body_format = _strings(texts, "body_format")
    is_html = pc.fill_null(pc.equal(body_format, "html"), False)
    is_markdown = pc.fill_null(pc.equal(body_format, "markdown"), False)
    never = pa.repeat(False, texts.num_rows)

    title = tidy_space(drop_invisible(strip_markup(_strings(texts, "title"), is_html, never)))
    title = pc.replace_substring_regex(title, r"\s+", " ")
    body = tidy_space(drop_invisible(strip_markup(_strings(texts, "body"), is_html, is_markdown)))
    # Not null_handling="skip": that loses rows in which all is null (pyarrow 26).
    whole = pc.binary_join_element_wise(pc.fill_null(title, ""), pc.fill_null(body, ""), "\n")
    whole = pc.utf8_trim_whitespace(whole)
    symbols = texts["symbols"].combine_chunks() if "symbols" in texts.column_names else None
    reason = low_information_reason(whole, symbols)

    cleaned = {"title": title, "body": body, "language": settle_language(_strings(texts, "language"), whole)}
    for name, column in cleaned.items():
        texts = texts.set_column(texts.column_names.index(name), name, column)
    texts = texts.append_column("content_hash", hash_words(whole))
    texts = texts.append_column("is_low_information", pc.is_valid(reason))
    return texts.append_column("low_information_reason", reason)


def drop_invisible(texts: pa.Array) -> pa.Array:
    """Without control, zero-width and bidi characters; every kind of space a space; composed (NFC).

    Emoji keep the joiners and selectors they are made of.
    """
    texts = change_where(texts, pc.match_substring_regex(texts, _CONTROL), _drop_controls)
    return change_where(texts, pc.invert(pc.string_is_ascii(texts)), _drop_invisible_unicode)


def tidy_space(texts: pa.Array) -> pa.Array:
    """No spaces at line ends or around the text, and at most two blank lines together."""
    texts = change_where(texts, pc.match_substring_regex(texts, r"[ \t]\n"), _trim_lines)
    texts = change_where(texts, pc.match_substring(texts, "\n\n\n\n"), _drop_blank_lines)
    return pc.utf8_trim_whitespace(texts)


def hash_words(texts: pa.Array) -> pa.Array:
    """Hex of the 16-byte BLAKE2b of the words alone; null where none is left."""
    words = pc.replace_substring_regex(texts, LINK_OR_HANDLE, " ")
    words = change_where(words, pc.match_substring_regex(words, _SIGNED), _spell_signs)
    words = pc.replace_substring_regex(words, _POINT, r"\1point\2")
    words = pc.replace_substring_regex(pc.utf8_lower(words), _PUNCTUATION, "")
    return pa.array([_hash(text) if text else None for text in words.to_pylist()], pa.string())


def _hash(words: str) -> str:
    return hashlib.blake2b(words.encode(), digest_size=HASH_BYTES).hexdigest()


def _spell_signs(texts: pa.Array) -> pa.Array:
    texts = pc.replace_substring_regex(texts, _PLUS, r"\1plus\2")
    return pc.replace_substring_regex(texts, _MINUS, r"\1minus\2")


def _strings(texts: pa.Table, name: str) -> pa.Array:
    return texts[name].combine_chunks().cast(pa.string())


def _drop_controls(texts: pa.Array) -> pa.Array:
    texts = pc.replace_substring_regex(texts, r"\r\n?|[\v\f]", "\n")
    return pc.replace_substring_regex(texts, _CONTROL, "")


def _drop_invisible_unicode(texts: pa.Array) -> pa.Array:
    texts = change_where(texts, pc.match_substring_regex(texts, _LATE_CONTROL), _repair_windows_1252)
    texts = pc.replace_substring_regex(texts, _SPACE, " ")
    texts = pc.replace_substring_regex(texts, _LINE_SEPARATOR, "\n")
    texts = pc.replace_substring_regex(texts, _INVISIBLE, "")
    texts = change_where(texts, pc.match_substring_regex(texts, _JOINER), _drop_joiners)
    texts = change_where(texts, pc.match_substring_regex(texts, _TAG), _drop_tags)
    texts = change_where(texts, pc.match_substring_regex(texts, _PILED_MARKS), _drop_piled_marks)
    return pc.utf8_normalize(texts, form="NFC")


def _repair_windows_1252(texts: pa.Array) -> pa.Array:
    return pa.array([text.translate(_WINDOWS_1252) for text in texts.to_pylist()], pa.string())


def _drop_joiners(texts: pa.Array) -> pa.Array:
    texts = pc.replace_substring_regex(texts, _JOINER_AFTER_WORD, r"\1")
    texts = pc.replace_substring_regex(texts, _JOINER_BEFORE_WORD, r"\1")
    return pc.replace_substring_regex(texts, _SELECTOR_IN_WORD, r"\1")


def _drop_tags(texts: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(texts, _TAGS, r"\1")


def _drop_piled_marks(texts: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(texts, _PILED_MARKS, r"\1")


def _trim_lines(texts: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(texts, r"[ \t]+\n", "\n")


def _drop_blank_lines(texts: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(texts, r"\n{4,}", "\n\n")
