"""Which language a text is written in, where its source does not say.

Here: tidying of declared codes, and detection in three steps from cheap to dear: by script, by English
function words, and py3langid for what is left. Not here: what is done with texts that are not English
(they are kept and left unscored later). A short or mixed text has no language here: null, not a guess.
"""

import functools
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

READ_CHARACTERS = 1_000  # the language of a text shows in its first lines; bounds the time per text
SHORTEST_WORDS = 4  # below, py3langid answers with noise ("Up big AH" is Dutch to it)
FEWEST_LETTERS = 4  # of a script that is not Latin; fewer draw a face: "ಠ_ಠ", "¯\\_(ツ)_/¯"
SURE_ENGLISH_WORDS = 2  # function words that make a text English, if they are also …
SURE_ENGLISH_SHARE = 0.15  # … this share of its words (a Spanish text may quote "Bank of the West")
# Of 41,789 tweets whose language Twitter declares, 1,388 are called another language than English at this
# confidence; 18 of them are declared English, and 13 of these really are not.
CONFIDENCE_FLOOR = 0.5

FUNCTION_WORDS = (  # noqa: SIM905
    "the and of that this with you are from my they what have not will but your just were would should "
    "could been has had their there which when who why how than about after before because into more "
    "out any our those these its it's i'm i've don't can't won't isn't didn't doesn't that's what's "
    "you're they're to for on at by"
).split()
FIELD_WORDS = "stock stocks shares earnings buy sell calls puts today year price new get up down".split()  # noqa: SIM905
# Two of these are rare among a dozen words of another language; words that others share ("is", "in", "was",
# "a") are not of the list.
ENGLISH_WORDS = FUNCTION_WORDS + FIELD_WORDS

# Languages that people post in where finance is discussed; rarer ones (Latin, Esperanto) only attract noise.
DETECTABLE = (  # noqa: SIM905
    "bg ca cs da de en es et fa fi fr ar hr hu id it lt lv mk ms nl no pl pt ro ru sk sl sr sv sw tl tr uk ur vi"
).split()

# Scripts that stand for one language of the net; py3langid decides on those that several languages share.
LANGUAGE_OF_SCRIPT = {
    r"\p{Hiragana}\p{Katakana}": "ja",
    r"\p{Hangul}": "ko",
    r"\p{Han}": "zh",
    r"\p{Thai}": "th",
    r"\p{Greek}": "el",
    r"\p{Hebrew}": "he",
    r"\p{Devanagari}": "hi",
    r"\p{Bengali}": "bn",
    r"\p{Tamil}": "ta",
    r"\p{Telugu}": "te",
    r"\p{Gujarati}": "gu",
    r"\p{Malayalam}": "ml",
    r"\p{Kannada}": "kn",
    r"\p{Gurmukhi}": "pa",
    r"\p{Sinhala}": "si",
    r"\p{Armenian}": "hy",
    r"\p{Georgian}": "ka",
    r"\p{Khmer}": "km",
    r"\p{Lao}": "lo",
    r"\p{Myanmar}": "my",
    r"\p{Ethiopic}": "am",
}
SHARED_SCRIPTS = r"\p{Arabic}\p{Cyrillic}"

WITHDRAWN_CODES = {"in": "id", "iw": "he", "ji": "yi", "nb": "no", "nn": "no", "fil": "tl"}
NO_LANGUAGE = ["", "un", "und", "zxx", "mul", "mis", "qme", "qht", "qam", "qct", "qst"]

_NOT_WORDS = r"(?i)https?://\S+|\bwww\.\S+|[@#$]\w+|\bRT\b"
_LATIN_WORD = r"\p{Latin}[\p{Latin}'’]*"
_ENGLISH_WORD = r"\b(?:" + "|".join(ENGLISH_WORDS) + r")\b"
_FOREIGN_SCRIPT = "[" + "".join(LANGUAGE_OF_SCRIPT) + SHARED_SCRIPTS + "]"


def settle_language(declared: pa.Array, texts: pa.Array) -> pa.Array:
    """The declared language of each text as ISO 639-1, else the detected one, else null.

    "en-US" counts as "en", withdrawn codes ("in", "iw") as their successors, "und" as not declared.
    """
    primary = pc.replace_substring_regex(pc.utf8_lower(pc.utf8_trim_whitespace(declared)), "[-_].*", "")
    successor = pc.index_in(primary, value_set=pa.array(list(WITHDRAWN_CODES)))
    settled = pc.coalesce(pc.take(pa.array(list(WITHDRAWN_CODES.values())), successor), primary)
    settled = pc.if_else(pc.is_in(settled, value_set=pa.array(NO_LANGUAGE)), pa.scalar(None, pa.string()), settled)
    undeclared = pc.is_null(settled)
    if not pc.any(undeclared).as_py():
        return settled
    return pc.replace_with_mask(settled, undeclared, detect_language(texts.filter(undeclared)))


def detect_language(texts: pa.Array) -> pa.Array:
    """ISO 639-1 code of each text, read from its first 1,000 characters; null where it cannot be told.

    Null in gives null out. Texts of fewer than four Latin words are null; a script of its own is enough
    for a language however short the text is.
    """
    words = pc.replace_substring_regex(pc.utf8_slice_codeunits(texts, 0, READ_CHARACTERS), _NOT_WORDS, " ")
    words = pc.replace_substring(words, "’", "'")
    word_count = pc.count_substring_regex(words, _LATIN_WORD)
    # RE2's \b knows ASCII only: without this, the Portuguese "até" would hold an English "at".
    bounded = pc.replace_substring_regex(words, r"[^\P{L}\x00-\x7f]", "q")
    english_count = pc.count_substring_regex(bounded, _ENGLISH_WORD, ignore_case=True)
    is_english = pc.and_(
        pc.greater_equal(english_count, SURE_ENGLISH_WORDS),
        pc.greater_equal(english_count, pc.multiply(word_count, SURE_ENGLISH_SHARE)),
    )
    found = pc.if_else(is_english, pa.scalar("en"), pa.scalar(None, pa.string()))
    in_foreign_script = pc.fill_null(pc.match_substring_regex(words, _FOREIGN_SCRIPT), False)
    if pc.any(in_foreign_script).as_py():
        by_script = _by_script(words.filter(in_foreign_script))
        by_script = pc.coalesce(by_script, found.filter(in_foreign_script))
        found = pc.replace_with_mask(found, in_foreign_script, by_script)
    is_open = pc.and_(pc.is_null(found), pc.greater_equal(word_count, SHORTEST_WORDS))
    is_open = pc.fill_null(is_open, False)
    return pc.replace_with_mask(found, is_open, _by_letters(words.filter(is_open)))


def _by_script(words: pa.Array) -> pa.Array:
    """Language of texts in which letters of another script outnumber the Latin ones; null for the others."""
    latin = _letters(words, r"\p{Latin}")
    shared = _letters(words, SHARED_SCRIPTS)
    scripts = np.stack([_letters(words, script) for script in LANGUAGE_OF_SCRIPT])
    # Japanese has more Han than kana: Han is Chinese only where there are hardly any kana.
    scripts[0] += np.where(scripts[0] * 4 >= scripts[1], scripts[1], 0)
    best = scripts.argmax(axis=0)
    most = scripts.max(axis=0)
    is_own = (most >= FEWEST_LETTERS) & (most >= latin) & (most > shared)
    is_shared = ~is_own & (shared >= FEWEST_LETTERS) & (shared >= latin)
    found = pa.array(list(LANGUAGE_OF_SCRIPT.values())).take(pa.array(best, mask=~is_own))
    is_shared = pa.array(is_shared)
    return pc.replace_with_mask(found, is_shared, _by_letters(words.filter(is_shared)))


def _letters(words: pa.Array, script: str) -> np.ndarray:
    return pc.count_substring_regex(words, f"[{script}]").to_numpy()


def _by_letters(words: pa.Array) -> pa.Array:
    """What py3langid says where it is sure enough, else null."""
    identifier = _identifier()
    answers = (identifier.classify(text) for text in words.to_pylist())
    return pa.array([code if sure >= CONFIDENCE_FLOOR else None for code, sure in answers], pa.string())


@functools.cache
def _identifier() -> Any:
    """The trained model of py3langid, read once per process (half a second)."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(DETECTABLE)
    return identifier
