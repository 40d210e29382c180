"""Prices belong to an instrument: whichever of its symbols a file has, texts under the others find them."""

from datetime import date, timedelta

import pytest

from tests.conftest import checks_of, post
from tests.price_files import run_market

JOB = "hourly"  # no evidence is looked at here

CHANGE = date(2022, 6, 9)  # from this day on FB is META
DAYS = [day for n in range(-20, 20) if (day := CHANGE + timedelta(days=n)).weekday() < 5 and n not in (-10, 11)]


def closes(first: date, last: date, factor: float = 1.0) -> str:
    """A Yahoo file of the days between, closes from 200 up."""
    lines = ["Date,Open,High,Low,Close,Adj Close,Volume"]
    for n, day in enumerate(DAYS):
        if first <= day <= last:
            close = (200 + n + (n % 3)) * factor
            lines.append(f"{day},{close - 1},{close + 2},{close - 2},{close},{close},1000")
    return "\n".join(lines) + "\n"


def spans(home) -> dict[str, tuple[date, date, int]]:
    rows = home.ask("select ticker, min(trading_day), max(trading_day), count(close) from core.returns group by ticker")
    return {ticker: (first, last, count) for ticker, first, last, count in rows}


BEFORE = [day for day in DAYS if day < CHANGE]


def test_the_old_symbol_finds_the_file_of_the_new_one(home):
    home.drop("prices/META.csv", closes(DAYS[0], DAYS[-1]))
    run_market(home)
    found = spans(home)
    assert found["META"][1:] == (DAYS[-1], len(DAYS))
    assert found["FB"][1:] == (BEFORE[-1], len(BEFORE))
    assert home.ask(
        """select count(*) from core.returns as old join core.returns as new using (trading_day)
        where old.ticker = 'FB' and new.ticker = 'META' and old.return_1d = new.return_1d"""
    ) == [(len(BEFORE) - 1,)]


def test_a_file_of_the_old_symbol_serves_the_old_symbol_alone_while_it_has_no_later_days(home):
    home.drop("prices/FB.csv", closes(DAYS[0], BEFORE[-1]))
    run_market(home)
    assert {ticker: count for ticker, (_, _, count) in spans(home).items()} == {"FB": len(BEFORE)}


def test_a_file_of_each_symbol_is_one_series_across_the_change(home):
    home.drop("prices/FB.csv", closes(DAYS[0], BEFORE[-1]))
    home.drop("prices/META.csv", closes(CHANGE, DAYS[-1]))
    checks = run_market(home)
    assert spans(home)["META"][2] == len(DAYS)
    assert home.ask("select return_1d from core.returns where ticker = 'META' and trading_day = ?", [CHANGE]) == [
        (pytest.approx((200 + len(BEFORE) + len(BEFORE) % 3) / (200 + len(BEFORE) - 1 + (len(BEFORE) - 1) % 3) - 1),)
    ]
    # the last day of FB looks ahead over the change
    assert home.ask("select count(forward_return_5d) from core.returns where ticker = 'FB'") == [(len(BEFORE) + 1,)]
    assert checks["price_vintages_agree"].passed


def test_a_text_on_the_old_symbol_stands_beside_the_prices_of_the_new_file(home):
    home.drop("prices/META.csv", closes(DAYS[0], DAYS[-1]))
    home.drop("texts/a.ndjson", [post("1", f"{BEFORE[3]}T14:00:00Z", "I love $FB")])
    home.run(str(BEFORE[3]))
    assert home.ask(
        "select ticker, react_session, react_return is not null from mart.text_moves where scorer = 'vader'"
    ) == [("FB", BEFORE[3], True)]


def test_bars_after_a_symbols_last_day_are_another_companys(home):
    """GOLD was Barrick until May 2025, then someone else; Barrick's own prices go on under B."""
    barrick = [f"{date(2025, 5, 1) + timedelta(days=n)},{20 + n % 3}" for n in (0, 1, 4, 5, 6, 7)]
    other = [f"{date(2025, 5, 1) + timedelta(days=n)},{300 + n % 3}" for n in (8, 11, 12)]
    home.drop("prices/GOLD.csv", "\n".join(["day,close", *barrick, *other]) + "\n")
    checks = run_market(home)
    assert spans(home)["GOLD"][1:] == (date(2025, 5, 8), 6)
    assert "B" not in spans(home)
    left_out = checks["no_day_of_prices_is_left_out"]
    assert not left_out.passed
    assert "after the last day of the symbol, 2025-05-08" in str(left_out.metadata)


def test_a_file_older_than_its_symbol_gives_way_to_the_file_of_the_former_one(home):
    """META was a fund's symbol before; its file cannot become Facebook's history."""
    home.drop("prices/FB.csv", closes(DAYS[0], BEFORE[-1]))
    fund = [f"{day},{15 - n % 5},{15 - n % 5}" for n, day in enumerate(BEFORE)]
    home.drop("prices/META.csv", "\n".join(["Date,Close,Adj Close", *fund]) + "\n")
    checks = run_market(home)
    assert home.ask(
        "select distinct ticker, min(close) > 100 from core.bars where instrument_id = 'meta' group by all"
    ) == [("FB", True)]
    assert "META.csv" in str(checks["price_vintages_agree"].metadata)


def test_a_file_older_than_its_symbol_alone_is_used_and_the_check_says_so(home):
    home.drop("prices/META.csv", closes(DAYS[0], BEFORE[-1]))
    checks = run_market(home)
    assert spans(home)["FB"][2] == len(BEFORE)
    assert "older than its symbol" in str(checks["price_vintages_agree"].metadata)


def test_a_series_that_ends_keeps_its_last_bar_and_looks_no_further(home):
    home.drop("prices/TWTR.csv", closes(DAYS[0], DAYS[-1]))
    run_market(home)
    assert home.ask(
        """select forward_return_1d is null, forward_return_5d is null, return_1d is null from core.returns
        where ticker = 'TWTR' and trading_day >= ? order by trading_day""",
        [DAYS[-2]],
    ) == [(False, True, False), (True, True, False)]


@pytest.mark.parametrize(
    ("file", "ticker", "calendar", "closed"),
    [
        ("7203-T", "7203.T", "XTKS", "2024-04-29"),
        ("VOD-L", "VOD.L", "XLON", "2024-05-06"),
        ("SAP-DE", "SAP.DE", "XETR", "2024-05-01"),
        ("RY-TO", "RY.TO", "XTSE", "2024-05-20"),
    ],
)
def test_a_suffix_tells_the_exchange(home, file, ticker, calendar, closed):
    days = [day for n in range(40) if (day := date(2024, 4, 22) + timedelta(days=n)).weekday() < 5]
    lines = "".join(f"{day},{100 + n % 4}\n" for n, day in enumerate(days))
    home.drop(f"prices/{file}.csv", "day,close\n" + lines)
    checks = run_market(home)
    assert home.ask("select calendar, benchmark from core.instruments where ticker = ?", [ticker]) == [(calendar, None)]
    assert home.ask("select count(*), count(abnormal_return_1d) from core.returns where trading_day = ?", [closed]) == [
        (0, 0)
    ]
    # a holiday with a price is told, not dropped in silence
    assert not checks["bars_fall_on_sessions"].passed
    assert f"ticker='{ticker}', calendar='{calendar}'" in str(checks["bars_fall_on_sessions"].metadata)
    assert home.ask("select count(return_1d) > 20 from core.returns") == [(True,)]


def test_a_coin_that_nobody_listed_trades_every_day(home):
    days = [date(2024, 4, 22) + timedelta(days=n) for n in range(30)]
    home.drop("prices/ZZQX.csv", "day,close\n" + "".join(f"{day},{1 + n % 4}\n" for n, day in enumerate(days)))
    checks = run_market(home)
    assert home.ask("select calendar, benchmark from core.instruments where ticker = 'ZZQX'") == [("24/7", None)]
    assert home.ask("select count(return_1d) from core.returns") == [(29,)]
    assert checks["bars_fall_on_sessions"].passed


def test_a_weekend_price_of_a_share_is_told(home):
    home.drop("prices/MU.csv", "day,close\n2024-07-05,10\n2024-07-06,11\n2024-07-08,12\n")
    home.drop("texts/a.ndjson", [post("1", "2024-07-05T14:00:00Z", "I love $MU")])
    checks = checks_of(home.run("2024-07-05"))
    assert "first_bar=2024-07-06" in str(checks["bars_fall_on_sessions"].metadata)
