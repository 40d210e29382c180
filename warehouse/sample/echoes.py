"""What happens to a text after it was posted: copied, reposted, edited, deleted, or merely seen once more.

Not here: the texts themselves (``crowd``, ``threads``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from warehouse.sample.dice import Dice
from warehouse.sample.feelings import Author, authors_of, feeling
from warehouse.sample.market import Market
from warehouse.sample.texts import Text
from warehouse.sample.voices import PHRASES, SIDE

MINUTE, HOUR, DAY = 60, 3600, 86_400
ROBOTS = ("alert_bot", "moderator")


def echo(market: Market, texts: Sequence[Text]) -> list[Text]:
    """Copies, near copies and reposts of ``texts`` within 24 hours, and later versions of some of them."""
    dice, authors = Dice(market.seed, 30), authors_of(market.seed)
    echoes: list[Text] = []
    for text in texts:
        if text.voice in ROBOTS:
            continue
        if text.source in ("chirper", "tickertalk"):
            echoes.extend(_copies(dice, text, authors))
        echoes.extend(_later_versions(dice, market, text))
    return echoes


def _copies(dice: Dice, text: Text, authors: Sequence[Author]) -> Iterator[Text]:
    roll = dice.unit()
    if roll < 0.02:
        for _ in range(1 + dice.count(1)):
            yield _copy(dice, text, authors, "copy", text.body)
    elif roll < 0.035:
        yield _copy(dice, text, authors, "near_copy", text.body + dice.pick(PHRASES["near_copy_tails"]))
    elif roll < 0.065 and text.source == "chirper":
        repost = _copy(dice, text, authors, "repost", f"RT @{text.author}: {text.body}")
        repost.repost_of = text
        yield repost


def _copy(dice: Dice, text: Text, authors: Sequence[Author], voice: str, body: str) -> Text:
    instant = text.published_at + 30 + int(min(dice.wait(2 * HOUR), 23 * HOUR))
    return replace(
        text,
        published_at=instant,
        fetched_at=instant + 5 + int(dice.unit() * HOUR),
        body=body,
        author=dice.favourite(authors).handle,
        voice=voice,
        copy_of=text,
        stance=None,
        reach=text.reach / 2,
    )


def _later_versions(dice: Dice, market: Market, text: Text) -> Iterator[Text]:
    roll = dice.unit()
    if roll < 0.015:
        yield _edited(dice, market, text)
    elif roll < 0.027:
        gone_at = text.fetched_at + 10 * MINUTE + int(dice.unit() * 2 * DAY)
        yield replace(text, version_of=text, fetched_at=gone_at, body=None, author=None, is_deleted=True)
    elif roll < 0.045:
        yield replace(text, version_of=text, fetched_at=text.fetched_at + HOUR + int(dice.unit() * 3 * DAY))


def _edited(dice: Dice, market: Market, text: Text) -> Text:
    """The text with a note, in the mood of the moment of the edit; what stood before was seen in time."""
    edited_at = text.published_at + 2 * MINUTE + int(dice.wait(3 * HOUR))
    text.fetched_at = text.published_at + 1 + int(dice.unit() * MINUTE)
    opinions, note = text.opinions, SIDE[0]
    if len(opinions) == 1:
        ticker, stance = opinions[0]
        tape = market.tapes[ticker]
        now = feeling(dice, tape.scene(min(edited_at, int(tape.closes_at[-1]))).mood)
        opinions, note = ((ticker, now or stance),), SIDE[now]
    return replace(
        text,
        version_of=text,
        edited_at=edited_at,
        fetched_at=edited_at + 1 + int(dice.unit() * HOUR),
        body=f"{text.body}\n\n{PHRASES['edit_notes'][note]}",
        opinions=opinions,
    )
