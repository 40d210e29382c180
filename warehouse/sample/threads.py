"""Forum threads: a post and the tree of comments under it, each in the mood of its own moment.

Not here: the words (``voices``, ``longform``), short posts that nobody answers (``crowd``).
"""

from collections.abc import Iterator, Sequence

from warehouse.sample.dice import Dice
from warehouse.sample.feelings import Author, feeling
from warehouse.sample.longform import long_post
from warehouse.sample.market import Tape
from warehouse.sample.texts import Text
from warehouse.sample.voices import NEUTRAL, PHRASES, Said, comment, short_post, spelled

HOUR, DAY = 3600, 86_400
PATIENCE = 40 * 60  # mean seconds until an answer
COMMUNITIES = {"XNYS": ("stocks", "chips", "dailytalk"), "24/7": ("coins", "dailytalk")}


def thread(dice: Dice, tape: Tape, authors: Sequence[Author], author: Author, instant: int) -> Iterator[Text]:
    """A post about the tape's ticker, at times a robot's reminder, then comments on comments."""
    root = _root(dice, tape, author, instant)
    yield root
    if dice.chance(0.3):
        rules = Said(PHRASES["moderator"], "moderator", NEUTRAL)
        yield _answer(dice, tape, root, rules, "HouseRulesBot", instant + 5)
    answerable = [root]
    for _ in range(dice.count(5)):
        parent = root if dice.chance(0.35) else dice.pick(answerable)
        answered_at = parent.published_at + 20 + int(dice.wait(PATIENCE))
        if answered_at > int(tape.closes_at[-1]):
            continue
        answerer = dice.favourite(authors)
        scene = tape.scene(answered_at)
        said = comment(dice, scene, feeling(dice, scene.mood, answerer.leaning))
        answerable.append(_answer(dice, tape, parent, said, answerer.handle, answered_at))
        yield answerable[-1]


def _root(dice: Dice, tape: Tape, author: Author, instant: int) -> Text:
    scene = tape.scene(instant)
    stance = feeling(dice, scene.mood, author.leaning)
    has_a_case = tape.instrument.is_company or tape.instrument.calendar == "24/7"
    if stance and has_a_case and dice.chance(0.35):
        essay = long_post(dice, scene, stance, instant)
        title, said = essay.title, Said(str(essay), "long_post", stance)
    else:
        said = short_post(dice, scene, stance)
        title = f"{spelled(dice, tape.instrument)}: {dice.pick(PHRASES['topics'][tape.instrument.ticker])}"
    return Text(
        source="boardroom",
        kind="post",
        published_at=instant,
        fetched_at=instant + HOUR + int(dice.unit() * 2 * DAY),
        title=title,
        body=said.body,
        author=author.handle,
        voice=said.voice,
        opinions=((tape.instrument.ticker, said.stance), *said.others),
        language=said.language,
        community=dice.pick(COMMUNITIES[tape.instrument.calendar]),
        reach=dice.between(1, 30),
    )


def _answer(dice: Dice, tape: Tape, parent: Text, said: Said, author: str, instant: int) -> Text:
    return Text(
        source=parent.source,
        kind="comment",
        published_at=instant,
        fetched_at=instant + HOUR + int(dice.unit() * 2 * DAY),
        body=said.body,
        author=author,
        voice=said.voice,
        opinions=((tape.instrument.ticker, said.stance), *said.others),
        community=parent.community,
        parent=parent,
        thread=parent.thread or parent,
        language=said.language,
        reach=dice.between(0.2, 4),
    )
