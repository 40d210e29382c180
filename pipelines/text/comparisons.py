"""Sentences that set one company against another: "prefer AMD over INTC", "sold INTC to buy AMD", "AMD > INTC".

Here: the forms of a comparison and which side each prefers. Not here: which words name whom, and what a sentence says
besides (``clauses.py``). A comparison that is denied, asked or only supposed is none: a wrong sign is worse than none.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, takewhile
from typing import NamedTuple

from pipelines.text.clause_words import BAD, DOUBTS, GOOD
from pipelines.text.named_words import NAMED

LOOK_BACK = 6  # words before a comparison that may deny or suppose it

_FEW = r"(?:\w[\w'.%&-]* ){0,3}?"  # words that do not matter, but no comma and nobody else
_ADVERBS = (
    r"(?:(?:'s|is|are|was|were|has|have|had|been|be|being|will|would|can|just|now|really|still|also|finally|already|again|"
    r"clearly|easily|totally|absolutely|literally|completely|simply|actually|slowly|quickly|continues?|continued|keeps?|"
    r"kept|to|going|gonna|set|about|likely|stock|stocks|shares?|looks?|starts?|started|starting|badly|massively|"
    r"significantly|far|way|got|gets|getting) ){0,4}"
)
_OWN = r"(?:(?:my|the|all|some|any|of|our|half|most|out|more|in|on|a|own|shares?|stock|position|calls|puts|with) ){0,4}"
_AWAY = r"(?:stock |shares |calls |position |holdings? |here |now |today |and ){0,2}"
_A, _B = rf"(?P<a>{NAMED})", rf"(?P<b>{NAMED})"
_THIS, _THAT = rf"{_OWN}{_A}", rf"{_OWN}{_B}"

_BETTER = (
    r"(?:better|stronger|safer|healthier|smarter|"
    r"more (?:attractive|profitable|promising|undervalued|bullish|upside|potential|valuable|resilient|innovative))"
)
_WORSE = (
    r"(?:worse|weaker|riskier|more (?:overvalued|bearish|downside|vulnerable|troubled|bloated)|"
    r"less (?:attractive|profitable|promising|undervalued|bullish|upside|potential|valuable|resilient|innovative))"
)
_BEATS = (
    r"(?:beats?|beating|crush(?:es|ed|ing)?|destroy(?:s|ed|ing)?|outperform(?:s|ed|ing)?|outpac(?:es|ed|ing)|"
    r"outshin(?:es|ing)|outclass(?:es|ed|ing)?|outdo(?:es|ing)?|overt(?:akes?|ook|aking)|surpass(?:es|ed|ing)?|trounc(?:es|ed|ing)|"
    r"smok(?:es|ed|ing)|leapfrog(?:s|ged|ging)?|dethron(?:es|ed|ing)|obliterat(?:es|ed|ing)|"
    r"wip(?:es|ed|ing) the floor with)"
)
_LAGS = (
    r"(?:lag(?:s|ged|ging)?(?: behind)?|underperform(?:s|ed|ing)?|trail(?:s|ed|ing)?(?: behind)?|"
    r"(?:falls?|fell|fallen|falling) behind|(?:loses?|lost|losing)(?: out)? to)"
)
_BEATEN = (
    r"(?:beaten|crushed|destroyed|outperformed|outpaced|outclassed|overtaken|surpassed|trounced|smoked|leapfrogged|"
    r"dethroned|obliterated|left behind)"
)
_SHARE = r"(?:market |wallet |ad )?(?:share|customers|users|business|ground|sales)"
_FIGURES = r"(?:estimates?|expectations?|forecasts?|consensus|earnings|targets?|views?|records?)"
_BEAT_IT = rf"(?! (?:'s )?(?:[\w-]+ ){{0,2}}{_FIGURES}\b)"  # "beats Intel's estimates" beats no company
_SELL = (
    r"(?:sell(?:ing)?|sold|dump(?:ed|ing)?|ditch(?:ed|ing)?|exit(?:ed|ing)?|trim(?:med|ming)?|unload(?:ed|ing)?|"
    r"(?:got|get|getting|moved|moving|am|i'm) out of|liquidat(?:ed|ing))"
)
_MOVE = (
    r"(?:rotat(?:e|es|ed|ing|ion)|switch(?:ed|es|ing)?|shift(?:ed|s|ing)?|"
    r"(?:mov(?:e|ed|ing)|roll(?:ed|ing)?) (?:my|our|all|some|more|most|the|his|her|their) \w+)"
)
_BUY = (
    r"(?:(?:to|and|then) (?:buy|add|get|load|own|fund|bought|buying|added|adding|loaded|loading|go|went|going)"
    r"(?: (?:up|more|in|into|on|long)){0,2}|into|in favou?r of|and into|for"
    r"|(?:and )?(?:put|putting|move|moved|moving) (?:it|that|them|the (?:money|cash|proceeds)|everything) (?:all )?"
    r"(?:in)?to)"
)
_PICK = (
    r"(?:buy|buying|bought|own|owning|hold|holding|choose|chose|choosing|pick|picked|picking|take|taking|took|like|love|"
    r"favou?r|favou?rs|favou?ring|long)"
)

# In each form the company called a is preferred to b.
_FORMS = tuple(
    re.compile(rf"(?:^|(?<= )){form}(?= |$)")
    for form in (
        rf"prefer(?:s|red|ring)? (?!stock|shares){_FEW}{_A} {_FEW}"
        rf"(?:over|to|than|rather than|instead of|vs|versus) {_FEW}{_B}",
        rf"rather {_FEW}{_A} {_FEW}than {_FEW}{_B}",
        rf"{_PICK} {_THIS} {_AWAY}(?:over|instead of|rather than) {_THAT}",
        rf"{_A} {_AWAY}over {_B} (?:any ?day|all day|every ?day|every time|always|for me)",
        rf"(?:like|love|trust|enjoy) {_THIS} {_FEW}(?:better|more) than {_THAT}",
        rf"more bullish on {_A} than (?:on )?{_B}",
        rf"{_A} {_FEW}{_BETTER} {_FEW}than {_THAT}",
        rf"{_B} {_FEW}{_WORSE} {_FEW}than {_THIS}",
        rf"{_A} {_ADVERBS}superior to {_THAT}",
        rf"{_B} {_ADVERBS}inferior to {_THIS}",
        rf"{_A} >(?: >){{0,3}}(?= {_B})",
        rf"{_B} <(?: <){{0,3}}(?= {_A})",
        rf"{_SELL} {_THAT} {_AWAY}{_BUY} {_THIS}",
        rf"{_MOVE} {_FEW}(?:from|out of) {_THAT} {_AWAY}(?:and )?(?:in)?to {_THIS}",
        rf"{_MOVE} {_FEW}(?:in)?to {_THIS} {_AWAY}(?:from|out of) {_THAT}",
        rf"(?:switch|swap|trade|exchange)(?:p?ed|d|p?ing)? {_THAT} {_AWAY}for {_THIS}",
        rf"(?:replace[ds]?|replacing) {_THAT} {_AWAY}with {_THIS}",
        rf"{_A} {_ADVERBS}(?:eat|eats|ate|eating|eaten) {_B} (?:'s )?(?:lunch|cake|breakfast)",
        rf"{_A} {_ADVERBS}(?:tak(?:es?|ing)|took|steal(?:s|ing)?|stole|gain(?:s|ed|ing)?|grab(?:s|bed|bing)?|w[io]ns?|"
        rf"winning) {_FEW}{_SHARE} {_FEW}from {_B}",
        rf"{_B} {_ADVERBS}(?:los(?:es?|ing|t)|ced(?:es?|ed|ing)) {_FEW}{_SHARE} {_FEW}to {_A}",
        rf"{_A} {_ADVERBS}{_BEATS} (?:out |up on )?{_B}{_BEAT_IT}",
        rf"{_B} {_ADVERBS}{_LAGS} {_A}{_BEAT_IT}",
        rf"{_B} {_ADVERBS}{_BEATEN} by {_A}",
    )
)
# Here the words behind both say which is preferred: "unlike INTC, MU is great".
_UNLIKE = (
    re.compile(rf"(?:^|(?<= ))unlike {_THAT} (?:'s )?(?:\w+ ){{0,2}}, {_THIS}(?= |$)"),
    re.compile(rf"(?:^|(?<= )){_A} (?:, )?unlike {_THAT}(?= |$)"),
)
_TONE_WORDS = 12  # words behind, of the same clause, whose tone counts


class Comparison(NamedTuple):
    """Places in the list of words: who is preferred to whom, and the first and last word that say so."""

    preferred: int
    passed_over: int
    first: int
    last: int


def find_comparisons(words: list[str]) -> Iterator[Comparison]:
    """The comparisons in the words of a sentence (``Words.written``)."""
    text = " ".join(words)
    if text.count(NAMED) < 2:
        return
    starts = list(accumulate((len(word) + 1 for word in words), initial=0))
    for form in _FORMS:
        for match in form.finditer(text):
            found = _compared(match, starts)
            if not any(map(_doubts, words[max(found.first - LOOK_BACK, 0) : found.last])):
                yield found
    for form in _UNLIKE:
        for match in form.finditer(text):
            yield from _contrasted(_compared(match, starts), words)


def _compared(match: re.Match[str], starts: list[int]) -> Comparison:
    preferred, passed_over, first, last = (
        bisect_right(starts, offset) - 1
        for offset in (match.start("a"), match.start("b"), match.start(), match.end() - 1)
    )
    return Comparison(preferred, passed_over, first, max(preferred, passed_over, last))


def _contrasted(found: Comparison, words: list[str]) -> Iterator[Comparison]:
    """The contrast as a comparison, where what follows is plainly good or plainly bad."""
    behind = words[found.last + 1 + (words[found.last + 1 : found.last + 2] == [","]) :][:_TONE_WORDS]
    tone = list(takewhile(lambda word: word not in {",", ";", "but", NAMED}, behind))
    is_good, is_bad = not GOOD.isdisjoint(tone), not BAD.isdisjoint(tone)
    if is_good != is_bad and not any(map(_doubts, tone)):
        sides = (found.preferred, found.passed_over)
        yield Comparison(*(sides if is_good else sides[::-1]), found.first, found.last + len(tone))


def _doubts(word: str) -> bool:
    return word in DOUBTS or word.endswith("n't")
