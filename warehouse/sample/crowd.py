"""Who speaks, when, and what they feel: the first version of every text of the simulated crowd.

A text's stance follows the mood of its ticker at the moment it is posted (``Tape.scene``), blurred by its
author's leaning and by chance. Here too: the texts that follow no mood, from bots to apple pies.
Not here: the words (``voices``, ``longform``); threads (``threads``); copies, edits, deletions (``echoes``).
"""

from collections.abc import Iterator, Sequence

from warehouse.sample.dice import Dice
from warehouse.sample.feelings import Author, authors_of, feeling
from warehouse.sample.longform import article
from warehouse.sample.market import Market, Tape
from warehouse.sample.texts import Opinion, Text
from warehouse.sample.threads import thread
from warehouse.sample.voices import BEAR, BULL, NEUTRAL, PHRASES, Said, aside, pair_post, short_post

MINUTE, HOUR, DAY = 60, 3600, 86_400
FULL_SESSION = 6.5 * HOUR
BOT_FAVOURITES = ("GME", "BTC", "NVDA")


def talk(market: Market) -> list[Text]:
    """Every text in its first version, unnumbered, in the order in which the crowd was walked through."""
    authors = authors_of(market.seed)
    texts: list[Text] = []
    for position, tape in enumerate(market.tapes.values()):
        dice = Dice(market.seed, 21, position)
        for session in range(len(tape.days)):
            for instant in _moments(dice, tape, session):
                texts.extend(_act(dice, market, tape, authors, instant))
    texts.extend(_asides(Dice(market.seed, 22), market.tapes["BTC"], authors))
    texts.extend(_alerts(Dice(market.seed, 23), market))
    return texts


def _moments(dice: Dice, tape: Tape, session: int) -> list[int]:
    """When people speak between the last close and this one: more after a big move, and around the bells."""
    opened, closed = int(tape.opens_at[session]), int(tape.closes_at[session])
    slept = int(tape.closes_at[session - 1]) if session else tape.previous_close_at
    shaken = abs(float(tape.return_1d[session - 1])) / 0.02 if session else 1.0
    busy = min(0.75 + 0.3 * shaken, 2.0) * (1 + (opened - slept) / (10 * DAY))
    by_day = 0.7 if slept < opened else 1.0
    moments = [
        _in_session(dice, opened, closed) if dice.chance(by_day) else _at_night(dice, slept, opened)
        for _ in range(dice.count(tape.instrument.chatter * busy))
    ]
    is_half_day = closed - opened < FULL_SESSION
    if dice.chance(0.5 if is_half_day else 0.04):
        bells = [opened - 1, opened, opened + 1, closed - 1, closed, closed + 1]
        moments.extend(bell for bell in bells if slept < bell <= int(tape.closes_at[-1]))
    return moments


def _in_session(dice: Dice, opened: int, closed: int) -> int:
    """Densest after the open and before the close."""
    place = dice.unit()
    place = place * place if dice.chance(0.4) else 1 - place * place
    return opened + 1 + int(place * (closed - opened - 1))


def _at_night(dice: Dice, slept: int, opened: int) -> int:
    """Three hours after the close, four before the open, or any hour of the night, weekend or holiday."""
    roll = dice.unit()
    if roll < 0.4:
        return slept + 1 + int(dice.unit() * 3 * HOUR)
    if roll < 0.7:
        return opened - int(dice.unit() * 4 * HOUR)
    return slept + 1 + int(dice.unit() * (opened - slept - 1))


def _act(dice: Dice, market: Market, tape: Tape, authors: Sequence[Author], instant: int) -> Iterator[Text]:
    author = dice.favourite(authors)
    roll = dice.unit()
    if roll < 0.86:
        yield _short(dice, tape, author, instant)
    elif roll < 0.90:
        yield _pair(dice, market, tape, author, instant)
    elif roll < 0.915 and tape.instrument.is_company:
        yield _article(dice, tape, instant)
    else:
        yield from thread(dice, tape, authors, author, instant)


def _short(dice: Dice, tape: Tape, author: Author, instant: int) -> Text:
    scene = tape.scene(instant)
    said = short_post(dice, scene, feeling(dice, scene.mood, author.leaning))
    text = _chirp(dice, author, instant, said, ((tape.instrument.ticker, said.stance), *said.others))
    if said.stance and text.source == "tickertalk" and dice.chance(0.35):
        text.stance = "bullish" if said.stance == BULL else "bearish"
    return text


def _pair(dice: Dice, market: Market, tape: Tape, author: Author, instant: int) -> Text:
    other = dice.pick([each for each in market.tapes.values() if each is not tape])
    up, down = sorted((tape, other), key=lambda each: -each.scene(min(instant, int(each.closes_at[-1]))).mood)
    tickers = up.instrument.ticker, down.instrument.ticker
    said = Said(pair_post(dice, up.instrument, down.instrument), "pair", NEUTRAL)
    return _chirp(dice, author, instant, said, ((tickers[0], BULL), (tickers[1], BEAR)))


def _chirp(dice: Dice, author: Author, instant: int, said: Said, opinions: tuple[Opinion, ...]) -> Text:
    source = "chirper" if dice.chance(0.6) else "tickertalk"
    declared = tuple(ticker for ticker, _ in opinions if f"${ticker}" in said.body)
    return Text(
        source=source,
        kind="post",
        published_at=instant,
        fetched_at=instant + 5 + int(dice.unit() ** 3 * HOUR),
        body=said.body,
        author=author.handle,
        voice=said.voice,
        opinions=opinions,
        symbols=declared or None,
        language=said.language or ("en" if source == "tickertalk" else None),
        reach=dice.between(0.2, 3.0) ** 3,
    )


def _article(dice: Dice, tape: Tape, instant: int) -> Text:
    scene = tape.scene(instant)
    stance = feeling(dice, scene.mood) or BULL
    written = article(dice, scene, stance, instant)
    bullets = "\n".join(f"- {bullet}" for bullet in written.bullets)
    return Text(
        source="dailywire",
        kind="article",
        published_at=instant,
        fetched_at=instant + MINUTE + int(dice.unit() * HOUR),
        title=written.title,
        body="\n\n".join([*written.paragraphs, bullets]),
        author=None,
        voice="article",
        opinions=((tape.instrument.ticker, stance),),
        language="en",
        reach=dice.between(1, 20),
    )


def _asides(dice: Dice, days: Tape, authors: Sequence[Author]) -> Iterator[Text]:
    """Every day, texts about no ticker at all, some with words that only look like tickers."""
    for midnight in days.opens_at.tolist():
        for voice in ("off_topic",) * dice.count(2.0) + ("ambiguous",) * dice.count(1.4):
            said = Said(aside(dice, voice), voice, NEUTRAL)
            yield _chirp(dice, dice.favourite(authors), midnight + 1 + int(dice.unit() * (DAY - 1)), said, ())


def _alerts(dice: Dice, market: Market) -> Iterator[Text]:
    """A bot that posts one and the same text about a favourite ticker, many times on the days it is on."""
    for midnight in market.tapes["BTC"].opens_at.tolist():
        if not dice.chance(0.1):
            continue
        ticker = dice.pick(BOT_FAVOURITES)
        said = Said(PHRASES["alert_bot"].format(ticker=ticker), "alert_bot", NEUTRAL)
        for _ in range(4 + dice.count(4)):
            instant = midnight + 1 + int(dice.unit() * (DAY - 1))
            yield _chirp(dice, Author("TapeAlertBot", 0.0), instant, said, ((ticker, NEUTRAL),))
