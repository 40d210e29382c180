"""Whether a sentence asserts what it says: hedged, denied, foretold, or somebody's own gain.

Not here: what it says.
"""

import re

_HEDGE = re.compile(
    r"\b(?:could|might|would(?:n't be surprised)?|should|may(?! \d)|maybe|perhaps|possibly|possible|potential(?:ly)?"
    r"|probably|likely|(?<!than )(?<!as )expect(?:s|ed|ing)?|forecasts?|predict(?:s|ed|ing)?|reportedly|allegedly"
    r"|rumou?r(?:s|ed)?"
    r"|apparently|hop(?:e|es|ing)|wish|imagine|guess|think|thinks|believes?|(?:i|we) see|if|unless|assuming|suppose"
    r"|in talks|weigh(?:s|ing)|mull(?:s|ing)|aims? (?:to|for)|plans? to|can|i'd|seems? to|tentative(?:ly)?|imho"
    r"|imo|chance of)\b"
)
_MONTH_BEFORE_MAY = re.compile(r"\b(?:in|since|by|of|for|on|last|this|until|early|late|mid|through|during) ?-?$")
_HEDGE_BEHIND = re.compile(
    r"\b(?:(?:looks?|seems?|is|are|appears?) (?:very |quite |easily |still )?(?:achievable|possible|likely|doable"
    r"|reachable|realistic"
    r"|conceivable|in play|on the table|within reach)|if|unless|(?:could|would|might) be|imho|imo|probably"
    r"|i think|maybe|upside"
    r"|downside)\b"
)
_FORETOLD = re.compile(r"\b(?:will|won't|gonna|going to|about to|set to|headed|heading|poised to)\b|'ll\b")
_TO_COME = re.compile(r"\b(?:tomorrow|next|coming)\b")
_MODAL = re.compile(
    r"could|might|would|should|may|expect|forecast|predict|hope|think|guess|see|if|unless|can|i'd|upside|downside"
    r"|aim|plan"
)
_DENIED = re.compile(
    r"(?:\bnot\b(?! only)|n't\b|\bnever\b|\bno longer\b|\bnor\b|\bwithout\b|\bcannot\b|\bfailed to\b|\bneither\b"
    r"|\b(?:aint|isnt|wasnt|didnt|hasnt|wont|dont)\b)(?! be surprised)(?: [\w'$%-]+){0,3}? ?$"
)
_OWN = re.compile(
    r"\b(?:i'?m|i am|i was|i've been|we're|we are|im) (?:\S+ ){0,2}?(?:up|down|in|at|out|long|short|green|red"
    r"|holding|buying|selling|losing)\b"
    r"|\bi (?:\S+ )?(?:made|lost|gained|bought|sold|buy|sell|paid|got|spent|turned|dropped|put|have|had|own|hold"
    r"|risk|am|opened|closed|entered)\b"
    r"|\bmy (?:\S+ ){0,2}?(?:calls?|puts?|portfolio|position|account|shares|bags?|ira|401k|trades?|cost|average"
    r"|avg|entry|leaps"
    r"|gains?|loss(?:es)?|p&l|pnl|basis|stop|options?|money|investment|wallet|stack|holdings?|savings|roth)\b"
    r"|^(?:just )?(?:bought|sold|buying|selling|loaded|grabbed|rolled|closed my|took|added|entered|got (?:in|out)"
    r"|got)\b"
    r"|\b(?:(?:got|went|am) in at|entry at|avg(?:erage)? (?:of|at)|cost basis|filled at|stop(?:-| )?loss)\b"
)

_ON_A_TRADE = re.compile(
    r" on (?:my|this|the|these|those|our) (?:\S+ )?(?:positions?|trades?|calls?|puts?|options?|account|play"
    r"|investment)\b"
)


def hedge_words(folded: str, begins: int, start: int, end: int, ends: int) -> str | None:
    """The hedging words of a claim from ``start`` to ``end`` in a clause from ``begins`` to ``ends``, or None."""
    said = [match[0] for match in _HEDGE.finditer(folded, begins, end) if not _is_month(folded, match)]
    said += [match[0] for match in _HEDGE_BEHIND.finditer(folded, start, ends)]
    if folded.rstrip(" \"')").endswith("?"):
        said.append("?")
    return ", ".join(dict.fromkeys(said)) or None


def looks_ahead(said: str, follows: str, hedge: str | None) -> bool:
    """Whether a claim is foretold, from the words up to its end, those that follow it, and its hedge."""
    return bool(_FORETOLD.search(said) or _TO_COME.search(said + follows) or (hedge and _MODAL.match(hedge)))


def is_denied(before: str) -> bool:
    """Whether the words right before a claim take it back."""
    return bool(_DENIED.search(before[-60:]))


def is_own_trade(before: str, behind: str) -> bool:
    """Whether a clause, before and behind its figure, speaks of the author's own gain, purchase or holding."""
    return bool(_OWN.search(before) or _ON_A_TRADE.match(behind))


def _is_month(folded: str, match: re.Match[str]) -> bool:
    """Whether "may" is the month."""
    return match[0] == "may" and bool(_MONTH_BEFORE_MAY.search(folded[max(0, match.start() - 12) : match.start()]))
