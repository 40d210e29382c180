"""Pages as a person would save them from a browser: long posts with furniture and comments, news articles.

Here: the text of the page and its sidecar. Not here: the essay and the article themselves (``longform``).
"""

from typing import NamedTuple

from warehouse.sample.dice import Dice
from warehouse.sample.feelings import authors_of, feeling
from warehouse.sample.longform import LONGFORM, LongPost, article, long_post
from warehouse.sample.market import Market, Tape
from warehouse.sample.texts import Opinion
from warehouse.sample.voices import BULL, comment

MINUTE, HOUR, DAY = 60, 3600, 86_400
POSTS, ARTICLES = 60, 60  # per 272 sessions


class Page(NamedTuple):
    """A saved page; instants are seconds since 1970, UTC. ``voice`` and ``opinions`` are truth for tests."""

    name: str
    text: str
    url: str
    source: str
    published_at: int
    fetched_at: int
    voice: str
    opinions: tuple[Opinion, ...]


def saved_pages(market: Market) -> list[Page]:
    """Pages spread over the sessions; fewer in a shorter market, at least two of each kind."""
    dice = Dice(market.seed, 40)
    tapes = list(market.tapes.values())
    essays = [tape for tape in tapes if tape.instrument.is_company or tape.instrument.calendar == "24/7"]
    news = [tape for tape in tapes if tape.instrument.is_company]
    share = len(tapes[0].days) / 272
    return [
        *(_post_page(dice, market, dice.pick(essays), n) for n in range(max(2, round(POSTS * share)))),
        *(_article_page(dice, dice.pick(news), n) for n in range(max(2, round(ARTICLES * share)))),
    ]


def _post_page(dice: Dice, market: Market, tape: Tape, position: int) -> Page:
    published_at = _daytime(dice, tape)
    scene = tape.scene(published_at)
    stance = feeling(dice, scene.mood) or BULL
    essay = long_post(dice, scene, stance, published_at)
    fetched_at = min(published_at + HOUR + int(dice.wait(8 * HOUR)), int(tape.closes_at[-1]))
    comments = _comments(dice, market, tape, published_at, fetched_at)
    return Page(
        name=f"square-{position:03d}",
        text=_furnished(dice, essay, comments),
        url=f"https://square.example/post/{31_000 + 17 * position}",
        source="square",
        published_at=published_at,
        fetched_at=fetched_at,
        voice="post_page",
        opinions=((tape.instrument.ticker, stance),),
    )


def _article_page(dice: Dice, tape: Tape, position: int) -> Page:
    published_at = _daytime(dice, tape)
    scene = tape.scene(published_at)
    stance = feeling(dice, scene.mood) or BULL
    written = article(dice, scene, stance, published_at)
    glyph = dice.pick(("- ", "- ", "• ", "- β"))  # the last is a bullet that lost its encoding on the way
    return Page(
        name=f"bulletin-{position:03d}",
        text="\n".join([written.title, *written.paragraphs, *(glyph + bullet for bullet in written.bullets)]),
        url=f"https://bulletin.example/markets/{8_200 + 13 * position}",
        source="bulletin",
        published_at=published_at,
        fetched_at=published_at + 10 * MINUTE + int(dice.unit() * DAY),
        voice="article_page",
        opinions=((tape.instrument.ticker, stance),),
    )


def _daytime(dice: Dice, tape: Tape) -> int:
    """A moment in some session, or in the hours before it."""
    session = int(dice.unit() * len(tape.days))
    opened, closed = int(tape.opens_at[session]), int(tape.closes_at[session])
    return max(int(dice.between(opened - 3 * HOUR, closed)), tape.previous_close_at + 1)


def _comments(dice: Dice, market: Market, tape: Tape, published_at: int, fetched_at: int) -> list[str]:
    """Comment blocks, oldest first: author, relative age at the fetch, words, count of replies."""
    authors = authors_of(market.seed)
    blocks = []
    for instant in sorted(int(dice.between(published_at, fetched_at)) for _ in range(dice.count(1.6))):
        author = dice.favourite(authors)
        scene = tape.scene(instant)
        said = comment(dice, scene, feeling(dice, scene.mood, author.leaning))
        age = _age(fetched_at - instant)
        blocks.append(f"{author.handle}\n· {age} ago\n{said.body}\nReply{int(dice.unit() ** 4 * 4)}")
    return blocks


def _age(seconds: int) -> str:
    for size, unit in ((DAY, "d"), (HOUR, "h")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{max(seconds // MINUTE, 1)}m"


def _furnished(dice: Dice, essay: LongPost, comments: list[str]) -> str:
    """The essay as its page shows it: an action bar where counts take the place of labels, then comments."""
    labels = LONGFORM["post"]["bar_with_likes" if dice.chance(0.5) else "bar"]
    counts = {label: int(dice.unit() ** 3 * 40) for label in labels} | {"Comment": len(comments), "Share": 0}
    bar = "\n".join(f"  • {counts[label] or label}" for label in labels)
    hashtag = f"{essay.hashtag}\n\n\n" if dice.chance(0.8) else ""
    images = "post-image\n" * int(dice.between(0, 3))
    return "\n".join(
        [
            f"{hashtag}{essay.title}\n\n{essay}",
            f"{images}{LONGFORM['post']['disclaimer']}",
            bar,
            "Comment",
            "Add a comment",
            "Add a comment",
            *comments,
        ]
    )
