"""Evidence on small and bad input through the job: listed events, and a reason wherever there is no figure."""

from datetime import date

import pytest

from tests.conftest import checks_of, post
from tests.test_daily_job import LOVE, PRICES


def sessions_of_2024(ticker: str, days: list[date]) -> str:
    lines = [
        f"{ticker},{day},{100 + n % 7},{101 + n % 7},{99 + n % 7},{100 + n % 7},{100 + n % 7},1"
        for n, day in enumerate(days)
    ]
    return "\n".join(["ticker,day,open,high,low,close,adjusted_close,volume", *lines]) + "\n"


def test_a_users_own_dates_are_studied_on_the_sessions_that_could_react(home):
    home.drop("prices/prices.csv", PRICES)
    home.drop("texts/a.ndjson", [post("1", "2024-07-02T14:00:00Z", LOVE)])
    home.drop(
        "events/mine.csv",
        "ticker,day,moment,label\n"
        "MU,2024-07-04,,guidance\n"  # a holiday
        "MU,,2024-07-02T20:00:00Z,guidance\n"  # at the close: the next session
        "$soxx,,2024-07-02T15:59:59-04:00,\n"
        "NOPE,2024-07-02,,\n",
    )
    assert checks_of(home.run("2024-07-02"))["every_event_file_is_read"].passed
    assert home.ask(
        "select ticker, trading_day, label, is_used, scorer, origin from mart.events order by ticker, trading_day"
    ) == [
        ("MU", date(2024, 7, 3), "guidance", True, None, "listed"),
        ("MU", date(2024, 7, 5), "guidance", True, None, "listed"),  # neither has sessions enough before it
        ("NOPE", date(2024, 7, 2), None, True, None, "listed"),
        ("SOXX", date(2024, 7, 2), None, True, None, "listed"),
    ]
    assert home.ask(
        "select event_group, min(dropped_count), min(excluded_count) from mart.event_study group by 1 order by 1"
    ) == [("all", 0, 4), ("guidance", 0, 2)]
    assert home.ask("select count(*) from mart.event_study where verdict not like 'not tested: %'") == [(0,)]


def test_a_bad_list_of_events_is_named_and_stops_nothing(home):
    home.drop("prices/prices.csv", PRICES)
    home.drop("events/bad.csv", "ticker,day\nMU,yesterday\n")
    home.drop("events/good.csv", "ticker,day\nMU,2024-07-02\n")
    for left_by_an_editor in (".~lock.good.csv#", "good.csv~", ".good.csv.swp"):
        home.drop(f"events/{left_by_an_editor}", "ticker,day\nNVDA,2024-07-02\n")
    result = home.run("2024-07-02", raise_on_error=False)
    red = checks_of(result)["every_event_file_is_read"]
    assert not red.passed
    assert "bad.csv, line 2, column day: 'yesterday'" in str(red.metadata)
    assert "left out" in str(red.metadata)
    assert home.ask("select ticker from mart.events") == [("MU",)]
    assert home.ask("select count(*) from mart.ticker_days") == [(0,)]


def test_one_ticker_and_a_few_sessions_are_rows_with_their_reasons(home):
    home.drop("prices/MU.csv", PRICES.split("SOXX")[0])
    home.drop("texts/a.ndjson", [post("1", "2024-07-02T14:00:00Z", LOVE)])
    result = home.run("2024-07-02")
    assert result.success
    reasons = home.ask("select distinct universe, reason from mart.signal_quality order by all")
    assert reasons == [
        ("MU", "signal is constant"),
        ("MU", "signal is missing"),
        ("XNYS", "too few tickers of 30 sessions for a cross-section (0 < 5): see each"),
    ]
    for table in ("signal_quality", "lead_lag", "granger"):
        assert home.ask(f"select count(*) > 0, count(p), count(reason) = count(*) from mart.{table}") == [
            (True, 0, True)
        ]


def test_without_texts_or_prices_the_tables_are_empty_and_the_run_succeeds(home):
    home.drop("texts/a.ndjson", [post("1", "2024-07-02T14:00:00Z", "nothing about anybody")])
    assert home.run("2024-07-02").success
    for table in ("signal_quality", "lead_lag", "granger", "events", "event_returns", "event_study"):
        assert home.ask(f"select count(*) from mart.{table}") == [(0,)]


@pytest.mark.parametrize("benchmark", [True, False])
def test_a_missing_benchmark_leaves_raw_returns_and_says_so(home, benchmark):
    home.drop("prices/prices.csv", PRICES if benchmark else PRICES.split("SOXX")[0])
    home.drop("texts/a.ndjson", [post("1", "2024-07-02T14:00:00Z", LOVE)])
    home.drop("events/mine.csv", "ticker,day\nMU,2024-07-03\n")
    home.run("2024-07-02")
    kind = "abnormal" if benchmark else "raw"
    assert home.ask("select distinct return_kind from mart.signal_quality where universe = 'MU'") == [(kind,)]
    ((reason,),) = home.ask("select reason from mart.events")
    assert ("benchmark SOXX has no prices" in reason) == (not benchmark)
