"""Posts that a machine wrote, and commands to one: they say much, and nobody's opinion.

Here: what an author's handle and a text's own words show. Not here: the same words posted over and over by one author
(``warehouse/core/numbered_texts.sql``), what is done with such texts (they are kept, and left out of signals).
The accounts known by name are in ``warehouse/reference/automatic_authors.txt``.
"""

import functools
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

AUTHORS = Path(__file__).parents[2] / "warehouse" / "reference" / "automatic_authors.txt"
LONGEST_COMMAND = 160  # characters; a text that is more than a command has an opinion in it

# "bot" as a word of its own: VoteBot, AIbot, stock_bot2, BOT; neither Talbot, Abbot, robot_fan nor not_a_bot.
_NAMED_BOT = r"(?:^|[_-])(?i:bot)[_-]?\d{0,4}$|[a-z0-9]B(?:ot|OT)[_-]?\d{0,4}$|[A-Z]{2}bot[_-]?\d{0,4}$"
_DENIES_IT = r"(?i)not[_-]?an?[_-]?bot"

_QUOTED_LINE = r"(?m)^[ \t]*>.*$"
_SPEAKS_OF_MACHINES = r"(?i)\bbot\b|automatic|bl?eep"
_BEEP = r"bl?eep[ ,.-]*bl?oop"
_SAYS_SO = (
    r"(?im)"
    # At the beginning of a line and as a sentence of its own; "do you think I'm a bot because …" is a person.
    rf"^[^\pL\pN\n]*(?:(?:hi|hello|hey|greetings|{_BEEP})\b[^\pL\pN\n]+)?I(?:['’]| a)m (?:just )?an? (?:\w+ )?bot"
    r"(?:[^\pL\pN\s]|\s*$| and this | that | which | whose | made | created | here to )"
    r"|\bthis (?:action|comment|post|message|reply|tweet) (?:was|is|has been) (?:\w+ )?"
    r"(?:automatically (?:performed|generated|posted|created)|(?:performed|generated|posted|created) automatically)\b"
    rf"|^[^\pL\pN\n]*{_BEEP}[^\pL\pN\n]*$"
)

# A moment or a span as people write it to a reminder, and words in quotation marks that they want to read again.
_WHEN = (
    r"(?:\s+|[,.!:;()*_~-]|\d[\d:/.,-]*(?:st|nd|rd|th)?|\"[^\"\n]*\"|“[^”\n]*”"
    r"|\b(?:in|on|at|by|for|from|now|next|this|the|of|a|an|and|half|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|am|pm|a\.m|p\.m|est|edt|et|pst|utc|gmt|h|hrs?|hours?|d|days?|w|wks?|weeks?|mo|mos|months?|y|yrs?|years?|min|mins"
    r"|minutes?|today|tonight|tomorrow|noon|midnight|morning|evening|close|open|eod|eow|eom|eoy|end"
    r"|mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|please|pls|thanks)\b)*"
)
_COMMAND = (
    r"(?i)^\s*(?:"
    r"(?:!\s?remind ?me(?:bot)?|remind ?me(?:bot)?\s?!|/?u/remindmebot\b|@remindme_ofthis\b|remindme(?:bot)?\b)"
    rf"!?{_WHEN}"
    r"|!\s?banbet\b[^\n]*"  # "!banbet MU 150 3d"
    r"|!\w{2,30}(?:\s+/?u/[\w-]+)?"
    r"|/?u/(?:savevideo|savevideobot|stabbot|vredditdownloader|gifreversingbot|repostsleuthbot)\b\W*"
    r"|(?:@\w+\s+)*@(?:threadreaderapp|unrollthread)(?:\s+(?:please|pls|unroll|compile|thanks|thank you))*\W*"
    r")\s*$"
)


def automatic_reason(texts: pa.Table) -> pa.Array:
    """Why a text is no person's: one of the reasons below, or null; one row per text, in their order.

    Reads ``author_id`` (``source:handle``) and ``body`` (cleaned), both of which may be null. The first that holds of
    "known automatic author", "author named bot", "says that it is a bot", "command to a bot". A text that adds words of
    its own to a command is no command.
    """
    handles = pc.replace_substring_regex(texts["author_id"].combine_chunks(), r"^[^:]*:", "")
    bodies = pc.fill_null(texts["body"].combine_chunks(), "")
    return pc.case_when(
        pc.make_struct(_is_known(handles), _is_named_bot(handles), _says_so(bodies), _is_command(bodies)),
        *map(
            pa.scalar,
            ("known automatic author", "author named bot", "says that it is a bot", "command to a bot"),
        ),
    )


def is_automatic_account(handles: pa.Array) -> pa.Array:
    """Whether each handle (null: no) is known to be a machine's, or is named like one; booleans."""
    return pc.or_(_is_known(handles), _is_named_bot(handles))


def _is_known(handles: pa.Array) -> pa.Array:
    return pc.is_in(pc.utf8_lower(handles), value_set=_known_authors())


def _is_named_bot(handles: pa.Array) -> pa.Array:
    names = pc.replace_substring_regex(handles, r"\..*", "")  # of a handle that is a domain, stock-bot.bsky.social
    is_named = pc.and_not(pc.match_substring_regex(names, _NAMED_BOT), pc.match_substring_regex(names, _DENIES_IT))
    return pc.fill_null(is_named, False)


def _says_so(bodies: pa.Array) -> pa.Array:
    may_say = pc.match_substring_regex(bodies, _SPEAKS_OF_MACHINES)
    own_words = pc.replace_substring_regex(bodies.filter(may_say), _QUOTED_LINE, "")
    return pc.replace_with_mask(pa.repeat(False, len(bodies)), may_say, pc.match_substring_regex(own_words, _SAYS_SO))


def _is_command(bodies: pa.Array) -> pa.Array:
    is_short = pc.less_equal(pc.utf8_length(bodies), LONGEST_COMMAND)
    may_be = pc.and_(is_short, pc.match_substring_regex(bodies, r"(?i)^\s*(?:[!@]|/?u/|remind)"))
    is_command = pc.match_substring_regex(bodies.filter(may_be), _COMMAND)
    return pc.replace_with_mask(pa.repeat(False, len(bodies)), may_be, is_command)


@functools.cache
def _known_authors() -> pa.Array:
    lines = (line.partition("#")[0].strip().lower() for line in AUTHORS.read_text("utf-8").splitlines())
    return pa.array(sorted({line for line in lines if line}), pa.string())
