"""The minutes around a text: the price when it was known, and moves from the first price that could be had."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipelines.defs.resources import Study
from pipelines.sql_files import sql_file
from tests.conftest import Home, at, post

NEW_YORK = ZoneInfo("America/New_York")
MINUTE = timedelta(minutes=1)
Bar = tuple[datetime, float, float]


def bars(first: str, last: str, step: float = 1.0) -> list[Bar]:
    """Start, open and close of the minutes from first to last (New York): n minutes after 9:30 it opens at 100 + n."""
    start, end = (datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC) for text in (first, last))
    opening = start.astimezone(NEW_YORK).replace(hour=9, minute=30, second=0)
    count = int((end - start) / MINUTE) + 1
    minutes = [(start + n * MINUTE, (start + n * MINUTE - opening) / MINUTE) for n in range(count)]
    return [(moment, 100 + step * n, 100 + step * n + 0.5) for moment, n in minutes]


def yahoo(rows: list[Bar]) -> str:
    """Stamped with the start, with its offset."""
    lines = [
        f"{start.astimezone(NEW_YORK).isoformat(' ')},{o},{max(o, c)},{min(o, c)},{c},100,0,0" for start, o, c in rows
    ]
    return "\n".join(["Datetime,Open,High,Low,Close,Volume,Dividends,Stock Splits", *lines])


def own(rows: list[Bar], stamp: timedelta = timedelta()) -> str:
    """Stamped with the start, or a minute later, in UTC."""
    return "\n".join(
        ["datetime,open,close,volume", *(f"{start + stamp:%Y-%m-%dT%H:%M:%SZ},{o},{c},100" for start, o, c in rows)]
    )


def drop_own(home: Home, name: str, rows: list[Bar], stamp: str = "start") -> None:
    home.drop(f"prices/{name}.csv", own(rows, MINUTE if stamp == "end" else timedelta()))
    home.drop(f"prices/{name}.csv.json", f'{{"bar_stamp": "{stamp}", "time_zone": "UTC"}}')


def said(ticker: str, *moments: str) -> Iterator[dict]:
    """A text on the ticker at each moment (New York), with ticker and moment as its id."""
    for text in moments:
        known_at = datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)
        yield post(f"{ticker} {text}", f"{known_at:%Y-%m-%dT%H:%M:%SZ}", f"I love ${ticker}")


WHOLE = bars("2024-07-02 09:30", "2024-07-02 15:59")
HALTED = [bar for bar in WHOLE if not at("2024-07-02T15:00") <= bar[0] < at("2024-07-02T15:20")]
CUTS = [  # a moment; the ticker whose prices are noise after it; the one that has none
    ("2024-07-02T14:00:00", "IBM", "CSCO"),
    ("2024-07-02T15:00:30", "QCOM", "ADBE"),
    ("2024-07-02T19:59:00", "CRM", "TXN"),
]
COLUMNS = "price_at_known, price_age_seconds, entry_at, entry_price, return_5m, return_1h, return_to_close, reason"


def moves(home: Home, ticker: str, moment: str, columns: str = COLUMNS) -> tuple:
    [row] = home.ask(f"select {columns} from core.minute_moves where text_id = ?", [f"test:{ticker} {moment}"])
    return row


@pytest.fixture(scope="module")
def tape(tmp_path_factory):
    """One run over the situations that the tests below ask about."""
    home = Home(tmp_path_factory.mktemp("tape"), job="hourly")
    home.drop("prices/MU.csv", yahoo(WHOLE))
    home.drop("prices/NVDA.csv", yahoo(HALTED))
    home.drop("prices/AMD.csv", yahoo(bars("2024-07-03 07:55", "2024-07-03 16:59")))
    home.drop("prices/AAPL.csv", yahoo(bars("2024-07-02 09:30", "2024-07-02 15:54")))
    home.drop("prices/GME.csv", yahoo(bars("2024-07-02 09:30", "2024-07-02 15:53")))
    home.drop("prices/INTC.csv", yahoo(WHOLE).replace(",100,0,0", ",,0,0").replace("Open", "First"))
    drop_own(home, "BTC", bars("2024-07-02 09:30", "2024-07-03 09:30"))
    home.drop("prices/XYZ.csv", yahoo(WHOLE[1:]))  # a file of the same content would be read once
    filled = yahoo([(start, 100 + n % 2, 100 + (n + 1) % 2) for n, (start, _, _) in enumerate(WHOLE)]).splitlines()
    filled[91:111] = [",".join([line.split(",")[0], *["100"] * 4, "0,0,0"]) for line in filled[91:111]]
    home.drop("prices/TSLA.csv", "\n".join(filled))
    drop_own(home, "WDC", WHOLE, "end")
    home.drop("prices/ORCL.csv", yahoo(WHOLE[200:] + WHOLE[::-1]))
    home.drop("prices/0/ORCL.csv", yahoo([*WHOLE[:200:-1], (WHOLE[200][0], 300, 310)]))
    drop_own(home, "a/ORCL", [(start, 2 * o, 3 * c) for start, o, c in WHOLE[:-1]])
    for cut, noisy, short in CUTS:
        ended = [bar for bar in WHOLE if bar[0] + MINUTE <= at(cut)]
        home.drop(f"prices/{noisy}.csv", yahoo(ended + [(start, o * 7, c * 3) for start, o, c in WHOLE[len(ended) :]]))
        home.drop(f"prices/{short}.csv", yahoo(ended))
    everyone = "I love $MU $WDC $ORCL " + " ".join(f"${noisy} ${short}" for _, noisy, short in CUTS)
    start = at("2024-07-02T13:20:00")  # ten minutes before the open, then every seven minutes and eleven seconds
    home.drop(
        "texts/crowd.ndjson",
        [post(f"all {n:02d}", f"{start + n * timedelta(seconds=431):%Y-%m-%dT%H:%M:%SZ}", everyone) for n in range(60)],
    )
    home.drop(
        "texts/t.ndjson",
        [
            *said("MU", "2024-07-02 09:59:59", "2024-07-02 10:00:00", "2024-07-02 10:00:01", "2024-07-02 09:30:00"),
            *said("MU", "2024-07-02 09:29:59", "2024-07-02 03:00:00", "2024-07-02 16:05:00", "2024-07-09 10:00:00"),
            *said("MU", "2024-07-02 15:00:00", "2024-07-02 15:00:01", "2024-07-02 15:55:00", "2024-07-02 15:59:30"),
            *said("NVDA", "2024-07-02 10:58:00", "2024-07-02 11:00:00", "2024-07-02 11:05:00", "2024-07-02 11:05:01"),
            *said("NVDA", "2024-07-02 11:15:00", "2024-07-02 11:14:59", "2024-07-02 10:10:00"),
            *said("AMD", "2024-07-03 12:55:00", "2024-07-03 12:56:00", "2024-07-03 13:00:00", "2024-07-03 08:00:00"),
            *said("AAPL", "2024-07-02 15:40:00"),
            *said("GME", "2024-07-02 15:40:00"),
            *said("INTC", "2024-07-02 10:00:00"),
            *said("BTC", "2024-07-02 19:30:00"),
            *said("SQ", "2024-07-02 10:00:00"),
            *said("TSLA", "2024-07-02 11:10:00"),
        ],
    )
    home.run("2024-07-02", "2024-07-09")
    return home


@pytest.mark.parametrize(
    ("moment", "known", "age", "entry", "after_5m", "after_1h"),
    [
        ("2024-07-02 09:59:59", 128.5, 59, 130, 133.5, 188.5),  # the minute from 9:59 is still running
        ("2024-07-02 10:00:00", 129.5, 0, 130, 134.5, 189.5),  # it has ended, and the next one begins
        ("2024-07-02 10:00:01", 129.5, 1, 131, 134.5, 189.5),  # too late for the open of 10:00
    ],
)
def test_a_price_is_known_when_its_minute_has_ended(tape, moment, known, age, entry, after_5m, after_1h):
    entry_at = at("2024-07-02T13:30:00") + (entry - 100) * MINUTE
    returns = [pytest.approx(price / entry - 1, abs=1e-12) for price in (after_5m, after_1h, 489.5)]
    assert moves(tape, "MU", moment) == (known, age, entry_at, entry, *returns, None)


def test_in_the_first_minute_there_is_no_price_yet_but_there_is_one_to_be_had(tape):
    assert moves(tape, "MU", "2024-07-02 09:30:00", "price_at_known, entry_price, return_5m, reason") == (
        None,
        100,
        pytest.approx(104.5 / 100 - 1),
        "no bar in the 5 minutes before",
    )


def test_at_night_there_is_no_price_and_no_move(tape):
    for moment in ("2024-07-02 09:29:59", "2024-07-02 03:00:00"):
        assert moves(tape, "MU", moment) == (None,) * 7 + ("market closed",)
    assert tape.ask("select count(*) from core.minute_moves where known_at > '2024-07-04'") == [(0,)]


def test_after_the_close_the_last_price_is_known_for_a_while_and_nothing_moves(tape):
    """Also where the next session has no bars."""
    assert moves(tape, "MU", "2024-07-02 16:05:00") == (489.5, 300, *(None,) * 5, "market closed")
    assert moves(tape, "AMD", "2024-07-03 08:00:00") == (9.5, 0, *(None,) * 5, "market closed")


def test_a_move_ends_by_the_close(tape):
    asked = "return_5m is not null, return_1h is not null, return_to_close is not null, reason"
    assert moves(tape, "MU", "2024-07-02 15:00:00", asked) == (True, True, True, None)
    assert moves(tape, "MU", "2024-07-02 15:00:01", asked) == (True, False, True, "1 hour later the market is closed")
    late = "5 minutes later the market is closed; 1 hour later the market is closed"
    assert moves(tape, "MU", "2024-07-02 15:55:00", asked)[:3] == (True, False, True)
    assert moves(tape, "MU", "2024-07-02 15:59:30", asked) == (
        False,
        False,
        False,
        f"no bar in the 5 minutes after; {late}",
    )


def test_a_half_day_closes_at_one_although_bars_go_on(tape):
    asked = "return_5m, return_1h, return_to_close"
    last = pytest.approx(309.5 / 305 - 1)
    assert moves(tape, "AMD", "2024-07-03 12:55:00", asked) == (last, None, last)
    assert moves(tape, "AMD", "2024-07-03 12:56:00", asked) == (None, None, pytest.approx(309.5 / 306 - 1))
    assert moves(tape, "AMD", "2024-07-03 13:00:00") == (309.5, 0, *(None,) * 5, "market closed")


def test_a_halt_is_a_gap(tape):
    """No bar from 11:00 to 11:20: prices are believed for five minutes, then there are none."""
    asked = "price_at_known, entry_price, return_5m, return_1h, reason"
    known = (189.5, None, None, None, "no bar in the 5 minutes after")
    unknown = (None, None, None, None, "no bar in the 5 minutes before; no bar in the 5 minutes after")
    assert moves(tape, "NVDA", "2024-07-02 11:00:00", asked) == known
    assert moves(tape, "NVDA", "2024-07-02 11:05:00", asked) == known  # exactly five minutes old
    assert moves(tape, "NVDA", "2024-07-02 11:05:01", asked) == unknown
    assert moves(tape, "NVDA", "2024-07-02 11:14:59", asked) == unknown
    reopened = (None, 210, None, pytest.approx(264.5 / 210 - 1))
    assert moves(tape, "NVDA", "2024-07-02 11:15:00", asked)[:4] == reopened  # 11:20 brings no bar that has ended
    assert moves(tape, "NVDA", "2024-07-02 10:58:00", asked)[2] == pytest.approx(189.5 / 188 - 1)  # as of 11:03
    assert moves(tape, "NVDA", "2024-07-02 10:10:00", asked)[3:] == (None, "no bar in the 5 minutes before +1 h")


def test_a_halt_that_a_vendor_fills_is_a_gap_too(tape):
    assert moves(tape, "TSLA", "2024-07-02 11:10:00", "price_at_known, entry_price") == (None, None)


def test_a_day_whose_last_minutes_are_missing_has_no_close(tape):
    asked = "return_to_close, reason"
    late = "1 hour later the market is closed"
    assert moves(tape, "AAPL", "2024-07-02 15:40:00", asked) == (pytest.approx(484.5 / 470 - 1), late)
    missing = f"{late}; no bar in the 5 minutes before the close"
    assert moves(tape, "GME", "2024-07-02 15:40:00", asked) == (None, missing)


def test_without_opens_nothing_can_be_entered(tape):
    assert moves(tape, "INTC", "2024-07-02 10:00:00") == (
        *(129.5, 0, at("2024-07-02T14:00:00"), *(None,) * 4),
        "the bar after it has no open",
    )


def test_a_market_that_never_closes_goes_on_after_midnight(tape):
    """Its session ends at 20:00 in New York, half an hour after the text."""
    asked = "return_1h, return_to_close, reason"
    assert moves(tape, "BTC", "2024-07-02 19:30:00", asked) == (
        pytest.approx(759.5 / 700 - 1),
        pytest.approx(729.5 / 700 - 1),
        None,
    )


def test_a_symbol_of_its_days_finds_the_bars_under_its_new_one(tape):
    assert moves(tape, "SQ", "2024-07-02 10:00:00", "price_at_known, vendor") == (129.5, "yahoo")


def test_every_scorers_row_has_the_moves_beside_it(tape):
    rows = tape.ask(
        """select text_id, ticker, scorer, price_at_known, return_5m, return_1h, return_to_close
        from mart.text_moves order by text_id, ticker, scorer"""
    )
    texts = tape.ask(
        """select text_id, ticker, price_at_known, return_5m, return_1h, return_to_close
        from (select distinct text_id, ticker from core.mentions)
        left join core.minute_moves using (text_id, ticker) order by text_id, ticker"""
    )
    assert rows == [(*row[:2], scorer, *row[2:]) for row in texts for scorer in ("finance", "vader")]
    assert sum(row[4] is not None for row in texts) > 9


def test_the_limit_of_staleness_is_a_setting(make_home):
    home = make_home("strict", study=Study(stale_minutes=2))
    home.drop("prices/MU.csv", yahoo(HALTED))
    moments = ("2024-07-02 11:02:00", "2024-07-02 11:02:01", "2024-07-02 11:18:00", "2024-07-02 11:17:59")
    home.drop("texts/t.ndjson", list(said("MU", *moments)))
    home.run("2024-07-02")
    found = [moves(home, "MU", moment, "price_at_known, entry_price, reason")[:2] for moment in moments]
    assert found == [(189.5, None), (None, None), (None, 210), (None, None)]
    assert "no bar in the 2 minutes before" in moves(home, "MU", moments[1], "reason")[0]


def found(home: Home, ticker: str, columns: str = COLUMNS, where: str = "true") -> list[tuple]:
    return home.ask(
        f"select text_id, {columns} from core.minute_moves where ticker = ? and text_id like 'test:all%' and {where} order by 1",
        [ticker],
    )


def test_bars_stamped_at_either_end_give_the_same_rows(tape):
    assert found(tape, "MU") == found(tape, "WDC")
    assert moves(tape, "MU", "2024-07-02 10:00:00", "vendor") == ("yahoo",)
    assert len(found(tape, "MU", where="return_1h is not null")) > 40


def test_many_files_give_the_rows_of_the_vendor_with_most_bars(tape):
    """Whatever the order of their rows: half of the day again, another vendor's minutes, a minute that disagrees."""
    assert found(tape, "MU") == found(tape, "ORCL")
    assert tape.ask(sql_file("checks/minutes_of_two_files_agree")) == [
        ("ORCL", "yahoo", "prices/0/ORCL.csv", "prices/ORCL.csv", 1, pytest.approx(310 / 300.5))
    ]


@pytest.mark.parametrize(("cut", "noisy", "short"), CUTS)
def test_bars_after_a_moment_change_nothing_before_it(tape, cut, noisy, short):
    """Neither other prices nor none: what was known, and what had ended, stays."""
    for columns, moment in (
        ("price_at_known, price_age_seconds", "known_at"),
        ("entry_at, return_5m", "known_at + interval 5 minutes"),
        ("entry_at, return_1h", "known_at + interval 1 hour"),
    ):
        before = found(tape, "MU", columns, f"{moment} <= timestamptz '{cut}+00'")
        assert before == found(tape, noisy, columns, f"{moment} <= timestamptz '{cut}+00'")
        assert before == found(tape, short, columns, f"{moment} <= timestamptz '{cut}+00'")
    assert found(tape, "MU") != found(tape, noisy)
