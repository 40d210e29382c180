"""Marts built run by run, only where something has changed, have the rows of marts built whole."""

import random

import pytest

from pipelines.due import BY_SESSION, GROUPS, texts_changed
from pipelines.marts import bring_up_to_date
from pipelines.progress import Progress
from pipelines.sql_files import marts_in_order
from tests.conftest import Home, post

JOB = "hourly"  # no evidence is looked at here

TICKERS = ("MU", "NVDA", "BTC")
DAYS = [f"2024-07-{day:02d}" for day in range(1, 13)]
MARTS = (*GROUPS, *BY_SESSION)


def bars(dice: random.Random, days: list[str]) -> str:
    rows = [
        f"{ticker},{day},{first},{first + 3},{first - 3},{last},{last}"
        for ticker in (*TICKERS, "SPY")
        for day in days
        for first, last in [(dice.randrange(90, 110), dice.randrange(90, 110))]
    ]
    return "\n".join(["ticker,day,open,high,low,close,adjusted_close", *rows])


def talk(dice: random.Random, run: int, days: list[str]) -> list[dict]:
    """Texts of some of the days: posts, answers to posts of any day, whether they have come or not, and new versions."""
    rows = []
    for n in range(48 if run == 0 else 6):
        day = dice.choice(days)
        moment = f"{day}T{dice.randrange(24):02d}:{dice.randrange(60):02d}:00Z"
        body = f"I {dice.choice(('love', 'hate', 'see'))} ${dice.choice(TICKERS)}, {dice.choice(('really', 'still'))}"
        row = post(f"{run}-{n}", moment, body, author=f"a{dice.randrange(4)}", language="en", likes=dice.randrange(9))
        row["fetched_at"] = f"2024-07-{dice.randrange(13, 29)}T00:00:00Z"
        if n % 2:
            row["parent_id"] = f"test:{dice.randrange(4)}-{dice.randrange(12)}"
        if dice.random() < 0.3:
            row["id"] = f"{dice.randrange(4)}-{2 * dice.randrange(6) + n % 2}"
        if dice.random() < 0.1:
            row |= {"is_deleted": True, "body": None}
        rows.append(row)
    return rows


def whole(home: Home) -> dict[str, list[tuple]]:
    """The marts as their queries give them now."""
    with home.warehouse.connect() as con:
        for name in ("text_moves", "text_scores", "threads", "source_days", "ticker_days"):
            home.warehouse.build_mart(con, name)
        return {f"mart.{name}": con.execute(f"select * from mart.{name} order by all").fetchall() for name in MARTS}


def kept(home: Home) -> dict[str, list[tuple]]:
    with home.warehouse.connect() as con:
        return {f"mart.{name}": con.execute(f"select * from mart.{name} order by all").fetchall() for name in MARTS}


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 12))])
def test_after_any_runs_every_mart_is_what_its_query_gives(home, seed):
    """New texts, edits, deletions, parents that come late, counts, prices that come and prices that are corrected."""
    dice = random.Random(seed)
    home.drop("prices/prices.csv", bars(dice, DAYS[:4]))
    for run in range(3):
        days = DAYS if run == 0 else [dice.choice(DAYS)]  # few texts are due then, and some rows stand as they were
        home.drop(f"texts/{run}.ndjson", talk(dice, run, days))
        if run == 1:  # and none in the last run
            home.drop("prices/prices.csv", bars(random.Random(seed + 1), DAYS[:7]))
        first, last = (DAYS[0], DAYS[-1]) if run == 0 else (min(days), max(days))
        home.run(first, last)
        built = kept(home)
        assert built == whole(home)
        assert all(built.values())


def test_an_opinion_that_changes_alone_reaches_its_session(home):
    """As where only the later steps of a day are run again: the text stands as it was."""
    dice = random.Random(7)
    home.drop("prices/prices.csv", bars(dice, DAYS))
    home.drop("texts/0.ndjson", talk(dice, 0, DAYS))
    home.run(DAYS[0], DAYS[-1])
    before = kept(home)
    which, text = "text_id = $text_id", {"text_id": home.ask("select max(text_id) from core.opinions")[0][0]}
    with home.warehouse.connect() as con:
        texts_changed(con, "core.opinions", which, text)
        con.execute(f"update core.opinions set sentiment = -sentiment where {which}", text)
        texts_changed(con, "core.opinions", which, text)
        for name in marts_in_order():
            bring_up_to_date(con, name, Progress())
    built = kept(home)
    assert built == whole(home)
    assert built["mart.ticker_days"] != before["mart.ticker_days"]
