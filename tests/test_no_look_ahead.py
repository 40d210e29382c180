"""What comes after a moment T changes nothing before it: cut, noise, late likes, edits and deletions; and a day's delay kills the signal.

A market of its own: every session's mood is drawn afresh and moves the price of the next session, and of no other.
"""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from pipelines.defs.resources import Study
from pipelines.market.sessions import sessions
from tests.conftest import Home, post

TICKERS = ("AAPL", "AMD", "GME", "INTC", "MU", "NVDA")
CALENDAR = sessions("XNYS", date(2024, 7, 1), date(2024, 10, 31)).to_pylist()
DAYS = [session["trading_day"] for session in CALENDAR]
CUT = CALENDAR[60]["close_at"]  # T: the close of a session in the middle
TALK = "columns(name -> not regexp_matches(name, 'return'))"
BARS = ("open", "close")


def moods() -> dict[tuple[str, int], int]:
    dice = random.Random(5)
    return {(ticker, n): dice.choice((-1, 1)) for ticker in TICKERS for n in range(len(DAYS))}


def texts(delay: int = 0) -> list[dict]:
    """Two people a session and ticker say what the mood is, ``delay`` sessions after it was."""
    rows = []
    for (ticker, n), mood in moods().items():
        if n + delay >= len(DAYS):
            continue
        for person in range(2):
            moment = CALENDAR[n + delay]["open_at"] + timedelta(hours=1, minutes=7 * person)
            words = f"I {'love' if mood > 0 else 'hate'} ${ticker} today, {person} of {n}"
            rows.append(
                post(
                    f"{ticker}-{n}-{person}",
                    f"{moment:%Y-%m-%dT%H:%M:%SZ}",
                    words,
                    likes=person,
                    fetched_at=f"{moment + timedelta(minutes=5):%Y-%m-%dT%H:%M:%SZ}",
                    language="en",
                )
            )
    return rows


def bars() -> list[tuple[str, date, float, float]]:
    """ticker, day, open, close: the open-to-close return follows the mood of the session before by 1 %."""
    dice = random.Random(6)
    mood = moods()
    rows = []
    for ticker in (*TICKERS, "SPY", "SOXX"):
        close = 100.0
        for n, day in enumerate(DAYS):
            opened = close * (1 + dice.gauss(0, 0.003))
            planted = 0.01 * mood.get((ticker, n - 1), 0)
            close = opened * (1 + planted + dice.gauss(0, 0.008))
            rows.append((ticker, day, opened, close))
    return rows


def csv(rows: list[tuple[str, date, float, float]]) -> str:
    lines = [
        f"{ticker},{day},{first},{max(first, last)},{min(first, last)},{last},{last}"
        for ticker, day, first, last in rows
    ]
    return "\n".join(["ticker,day,open,high,low,close,adjusted_close", *lines])


def built(folder, said: list[dict], prices: list[tuple[str, date, float, float]], later: list[dict] = ()) -> Home:
    home = Home(folder, study=Study(event_z=1.0, event_texts=2))
    home.drop("prices/prices.csv", csv(prices))
    home.drop("texts/1.ndjson", said)
    if later:
        home.drop("texts/2.ndjson", list(later))
    home.run("2024-07-01", "2024-10-31")
    return home


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The market as it was."""
    return built(tmp_path_factory.mktemp("whole"), texts(), bars())


def is_after(row: dict) -> bool:
    return datetime.fromisoformat(row["published_at"]).astimezone(UTC) >= CUT


def talk_before(home: Home) -> dict[str, list[tuple]]:
    """All that the marts say of talk in sessions whose cut-off is at or before T."""
    asked = {
        "ticker_days": f"select {TALK} from mart.ticker_days where cutoff_at <= $cut order by all",
        "source_days": """select said.* from mart.source_days as said join mart.ticker_days using (ticker, trading_day, scorer)
            where cutoff_at <= $cut order by all""",
        "text_moves": f"select {TALK} from mart.text_moves where known_at < $cut order by all",
        "events": """select events.* exclude (is_used, model, alpha, beta, sigma, estimation_count, reason)
            from mart.events join mart.ticker_days using (ticker, trading_day, scorer) where cutoff_at <= $cut order by all""",
    }
    return {name: home.ask(query, {"cut": CUT}) for name, query in asked.items()}


def moves_before(home: Home) -> list[tuple]:
    """Returns of ticker_days that had ended at T: of the session itself, and one and five sessions ahead."""
    return home.ask(
        """select ticker, scorer, trading_day, return_1d, abnormal_return_1d,
            case when session_number + 1 <= last then forward_return_1d end,
            case when session_number + 5 <= last then abnormal_forward_return_5d end
        from mart.ticker_days
        cross join (select max(session_number) as last from core.sessions where calendar = 'XNYS' and close_at <= $cut)
        where session_number <= last order by all""",
        {"cut": CUT},
    )


def test_cutting_everything_off_at_t_changes_no_row_before_it(whole, tmp_path):
    said = [row for row in texts() if not is_after(row)]
    less = built(tmp_path, said, [row for row in bars() if row[1] <= CUT.date()])
    assert talk_before(less) == talk_before(whole)
    assert moves_before(less) == moves_before(whole)
    assert all(len(rows) > 50 for rows in talk_before(whole).values())
    assert less.ask("select count(*) from mart.ticker_days") < whole.ask("select count(*) from mart.ticker_days")


def test_noise_instead_of_every_later_price_changes_nothing_before_it(whole, tmp_path):
    dice = random.Random(7)
    noise = [
        (ticker, day, first, last) if day <= CUT.date() else (ticker, day, *(dice.uniform(50, 150) for _ in BARS))
        for ticker, day, first, last in bars()
    ]
    other = built(tmp_path, texts(), noise)
    assert talk_before(other) == talk_before(whole)
    assert moves_before(other) == moves_before(whole)
    later = "select forward_return_1d from mart.ticker_days where cutoff_at > $cut order by ticker, trading_day, scorer"
    assert other.ask(later, {"cut": CUT}) != whole.ask(later, {"cut": CUT})


def test_likes_edits_and_deletions_after_t_change_nothing_before_it(whole, tmp_path):
    """Every tenth text of before T is liked, edited or blanked a second after it, or at T itself."""
    before = [row for row in texts() if not is_after(row)][::10]
    late = [CUT, CUT + timedelta(seconds=1), CUT + timedelta(days=2)]
    later = []
    for n, row in enumerate(before):
        seen = f"{late[n % 3]:%Y-%m-%dT%H:%M:%SZ}"
        mood = "hate" if "love" in row["body"] else "love"
        later += [
            [row | {"likes": 10_000, "fetched_at": seen}],
            [row | {"body": f"Sorry, I {mood} ${row['id'].split('-')[0]}", "edited_at": seen, "fetched_at": seen}],
            [row | {"body": None, "is_deleted": True, "fetched_at": seen}],
        ][n % 3]
    changed = built(tmp_path, texts(), bars(), later)
    assert talk_before(changed) == talk_before(whole)
    assert moves_before(changed) == moves_before(whole)
    counted = "select count(*) from raw.posts union all select count(*) from raw.engagement"
    assert changed.ask(counted) != whole.ask(counted)


def ahead(home: Home) -> tuple[float, float]:
    """Mean IC of mean sentiment for the next session, and its q."""
    return home.ask(
        """select ic, q from mart.signal_quality
        where universe = 'XNYS' and source = 'all' and scorer = 'vader' and signal = 'mean_sentiment' and horizon = 1"""
    )[0]


def test_the_planted_signal_is_found_and_one_session_later_it_is_gone(whole, tmp_path):
    ic, q = ahead(whole)
    assert ic > 0.4
    assert q < 0.001
    ic, q = ahead(built(tmp_path, texts(delay=1), bars()))
    assert abs(ic) < 0.15
    assert q > 0.05
