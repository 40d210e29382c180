"""One line into its sentences: nupunkt with a reviewed list of abbreviations, kept linear.

Here: the boundaries inside one line. Not here: lines, headings, bullets and quotes (``sentences.py``,
``headings.py``).
"""

import functools
import re

import nupunkt

LONGEST_SENTENCE = 1_000  # characters; a longer one is cut at a space, or anywhere if it has none
LONGEST_CHUNK = 60  # characters without a space that the splitter looks at; no word is longer
LONG_LINE = 200  # characters; a longer line with an end mark …
DENSE_CHARACTERS = 12  # … in fewer characters than this is no prose ("! ! ! !") and not split

# nupunkt learned 3,000 abbreviations from scanned court papers, "stock", "week", "call", "me" and "in"
# among them: 500 of 18,000 boundaries inside lines of tweets and Reddit posts were missed for that. These
# are the ones that are meant.
ABBREVIATIONS = (  # noqa: SIM905
    "inc corp co ltd llc plc bros assn assoc intl natl univ dept div dist mfg mgmt govt gov mr mrs ms "
    "mx dr prof rev revs hon sen rep gen lt col capt cmdr sgt pres jr sr st ste ave blvd mt ft jan feb "
    "mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri vs approx est avg "
    "incl excl etc max min no nos nr vol pct yr qtr wk exp ex adj cons prelim prev cf al ed eds fig "
    "figs ref refs sec ext int amt qty mkt mkts exch lb lbs oz sq kg km tel messrs viz eg ie esp misc "
    "amer calif conn mich fla tex penn minn wis ariz colo okla tenn neb nev va ga f.d.a s.e.c f.b.i "
    "d.o.j f.t.c e.p.a c.e.o c.f.o i.p.o e.p.s n.y n.j l.a d.c u.n a.i"
).split()

_LONG_CHUNK = re.compile(rf"\S{{{LONGEST_CHUNK + 1},}}")
_END = re.compile(r"[.!?…][\"'”’»)\]}*_]*\s")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z])[.)]+")
_NAME_WITH_MARK = re.compile(r"\b(Yahoo|Yum)!(?=\s(?:Inc|Brands|Japan|Finance|[a-z]))")
# A word that is no link, tag, handle or figure.
_WORD = re.compile(r"(?<![\w$#@&/.:=?%-])(?!https?:|www\.|RT\b)[^\W\d_]")


def split_line(line: str) -> list[str]:
    """The sentences of one line, in order; together they have every character but white space.

    A piece without a word of its own (a link, "$MU $NVDA", "🚀🚀") belongs to the sentence before it: alone
    it would be scored 0 and pass for what was said about the ticker. A number of a list belongs to what
    follows it.
    """
    if len(line) > LONG_LINE and len(_END.findall(line)) * DENSE_CHARACTERS > len(line):
        return [line]
    seen = _NAME_WITH_MARK.sub(r"\1x", _LONG_CHUNK.sub(_blank_middle, line))
    spans: list[tuple[int, int]] = []
    opened: int | None = None  # where a piece begins that waits for the next one
    for start, end in _tokenizer().span_tokenize(seen):
        piece = line[start:end].strip()
        has_word = _WORD.search(piece)
        if _ENUMERATOR.fullmatch(piece) or not (has_word or spans):
            opened = start if opened is None else opened
        elif has_word:
            spans.append((start if opened is None else opened, end))
            opened = None
        else:
            spans[-1] = (spans[-1][0], end)
            opened = None
    if opened is not None:
        spans[-1:] = [(spans[-1][0] if spans else opened, len(line))]
    return [line[start:end].strip() for start, end in spans]


def cut_sentence(sentence: str) -> list[str]:
    """A sentence in parts of at most ``LONGEST_SENTENCE`` characters."""
    parts, start = [], 0
    while len(sentence) - start > LONGEST_SENTENCE:
        end = sentence.rfind(" ", start, start + LONGEST_SENTENCE + 1)
        if end <= start:
            end = start + LONGEST_SENTENCE
        parts.append(sentence[start:end].strip())
        start = end
    parts.append(sentence[start:].strip())
    return [part for part in parts if part]


def _blank_middle(chunk: re.Match[str]) -> str:
    """The chunk with its middle masked, as long as before: nupunkt is quadratic in the length of a chunk."""
    text, edge = chunk[0], LONGEST_CHUNK // 3
    return text[:edge] + "x" * (len(text) - 2 * edge) + text[-edge:]


@functools.cache
def _tokenizer() -> nupunkt.PunktSentenceTokenizer:
    """The tokenizer of this process with its own parameters; read once (20 ms)."""
    tokenizer = nupunkt.load_default_model()
    known = tokenizer.parameters.abbrev_types
    known.difference_update([word for word in known if word.isalpha() and len(word) > 1])
    tokenizer.add_abbreviations(ABBREVIATIONS)
    return tokenizer
