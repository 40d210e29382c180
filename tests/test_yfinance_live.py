"""Yahoo's charts through yfinance, against a play of Yahoo on this machine."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pipelines.prices import yfinance_bars
from pipelines.sources.answers import Answer, Incomplete, Refused, SourceDown, Throttled, TooLarge, WrongShape
from pipelines.sources.rows import Limits
from pipelines.sources.web import Manners, Web
from pipelines.sources.windows import Subject, Window
from tests.local_service import Asked, LocalService, Reply
from tests.plays import yahoo_prices as play

BRISK = Manners(pause_seconds=0, first_wait_seconds=0.01, tries=2)


@pytest.fixture
def yahoo() -> Iterator[LocalService]:
    with LocalService(play.play) as service:
        yield service


def web(service: LocalService, now: datetime = play.NOW, **settings: Any) -> Web:
    return Web("yfinance", service.url, manners=BRISK, now=lambda: now, sleep=lambda seconds: None, **settings)


def year(number: int) -> Window:
    return Window(datetime(number, 1, 1, tzinfo=UTC), datetime(number + 1, 1, 1, tzinfo=UTC))


def day(text: str) -> Window:
    start = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return Window(start, start + timedelta(days=1))


def asked(service: LocalService, kind: str = "daily", name: str = "MU", window: Window | None = None) -> list[Answer]:
    return list(yfinance_bars.ask(web(service), Subject(kind, name), window or play.WINDOW))


def rows(answers: list[Answer]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    batches = list(yfinance_bars.read(answers, Limits()))
    return [row for batch in batches for row in batch.prices.to_pylist()], [
        row for batch in batches for row in batch.rejects.to_pylist()
    ]


def charts(service: LocalService) -> list[Asked]:
    return [one for one in service.asked if one.path.startswith(play.CHART)]


def altered(answer: Answer, change: Any) -> Answer:
    document = json.loads(answer.body)
    change(document["chart"]["result"][0])
    return msgspec.structs.replace(answer, body=json.dumps(document).encode())


def test_a_year_is_one_question_from_fourteen_days_before(yahoo: LocalService) -> None:
    (answer,) = asked(yahoo)
    (question,) = charts(yahoo)
    assert int(question.query["period1"]) == datetime(2024, 12, 18, tzinfo=UTC).timestamp()
    assert int(question.query["period2"]) == datetime(2026, 1, 1, tzinfo=UTC).timestamp()
    assert answer.about == {"ticker": "MU", "kind": "daily"}


def test_the_answer_is_landed_as_it_came_and_without_cookie_or_crumb(yahoo: LocalService) -> None:
    (answer,) = asked(yahoo)
    (question,) = charts(yahoo)
    assert question.query["crumb"] == play.CRUMB
    assert answer.body == play.play(question).body
    landed = msgspec.json.encode(answer).decode()
    assert play.CRUMB not in landed
    assert "crumb" not in answer.url
    assert play.COOKIE not in landed


def test_the_second_window_asks_for_no_second_cookie(yahoo: LocalService) -> None:
    asked(yahoo)
    asked(yahoo, window=year(2026))
    assert [one.path for one in yahoo.asked].count("/v1/test/getcrumb") == 1


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")  # yfinance 1.7 under pandas 3.1
def test_rows_are_those_of_yfinance_itself(yahoo: LocalService, tmp_path: Path) -> None:
    import yfinance

    from pipelines.prices.yahoo_session import Browser

    yfinance.set_tz_cache_location(str(tmp_path))
    ours, rejects = rows(asked(yahoo))
    theirs = yfinance.Ticker("MU", session=Browser(web(yahoo))).history(
        start="2024-12-18", end="2026-01-01", auto_adjust=False
    )
    assert rejects == []
    assert [row["trading_day"] for row in ours] == list(theirs.index.date)
    for field, column in [("open", "Open"), ("high", "High"), ("low", "Low"), ("close", "Close"), ("volume", "Volume")]:
        assert [row[field] for row in ours] == list(theirs[column]), field
    assert [row["adjusted_close"] for row in ours] == list(theirs["Adj Close"])
    assert [row["dividend"] or 0.0 for row in ours] == list(theirs["Dividends"])
    assert [row["split_ratio"] or 0.0 for row in ours] == list(theirs["Stock Splits"])
    assert sum(theirs["Dividends"]) == 0.5
    assert sum(theirs["Stock Splits"]) == 4.0


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")  # yfinance 1.7 under pandas 3.1
def test_minutes_are_those_of_yfinance_itself(yahoo: LocalService, tmp_path: Path) -> None:
    import yfinance

    from pipelines.prices.yahoo_session import Browser

    yfinance.set_tz_cache_location(str(tmp_path))
    ours, rejects = rows(asked(yahoo, "minutes", window=day("2026-01-15")))
    theirs = yfinance.Ticker("MU", session=Browser(web(yahoo))).history(
        start=datetime(2026, 1, 15, tzinfo=UTC), end=datetime(2026, 1, 16, tzinfo=UTC), interval="1m", auto_adjust=False
    )
    assert rejects == []
    assert len(ours) == 390
    assert [row["start_at"] for row in ours] == [stamp.to_pydatetime() for stamp in theirs.index]
    assert [row["close"] for row in ours] == list(theirs["Close"])
    assert {row["bar"] for row in ours} == {"1min"}
    assert {row["vendor"] for row in ours} == {"yahoo"}


@pytest.mark.parametrize(
    ("name", "symbol", "ticker"),
    [
        ("BRK.B", "BRK-B", "BRK.B"),
        ("7203.T", "7203.T", "7203.T"),
        ("BTC", "BTC-USD", "BTC"),
        ("BTC-USD", "BTC-USD", "BTC"),
    ],
)
def test_tickers_are_asked_in_yahoos_spelling_and_kept_in_ours(
    yahoo: LocalService, name: str, symbol: str, ticker: str
) -> None:
    found, _ = rows(asked(yahoo, name=name))
    assert charts(yahoo)[0].path == play.CHART + symbol
    assert {row["ticker"] for row in found} == {ticker}


def test_a_coin_whose_letters_another_one_has_gets_its_number(yahoo: LocalService) -> None:
    with pytest.raises(Refused, match="UNI7083-USD"):
        asked(yahoo, name="UNI")


def test_a_session_in_tokyo_has_the_date_of_tokyo(yahoo: LocalService) -> None:
    found, _ = rows(asked(yahoo, name="7203.T"))
    assert date(2025, 1, 6) in {row["trading_day"] for row in found}
    assert date(2025, 1, 5) not in {row["trading_day"] for row in found}


def test_an_unknown_symbol_is_refused_by_name_and_asked_once(yahoo: LocalService) -> None:
    with pytest.raises(Refused, match=r"NOSUCH.*symbol may be delisted"):
        asked(yahoo, name="NOSUCH")
    assert len(charts(yahoo)) == 1


def test_a_year_before_the_first_bar_is_empty_and_no_failure(yahoo: LocalService) -> None:
    answers = asked(yahoo, window=year(2015))
    assert len(answers) == 1
    assert rows(answers) == ([], [])


def test_minutes_of_a_long_window_are_asked_week_by_week(yahoo: LocalService) -> None:
    window = Window(datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 17, tzinfo=UTC))
    answers = asked(yahoo, "minutes", window=window)
    assert len(answers) == 2
    assert len(rows(answers)[0]) == 10 * 390


def test_minutes_older_than_thirty_days_are_told_and_not_asked(yahoo: LocalService) -> None:
    with pytest.raises(Incomplete, match="30 days"):
        asked(yahoo, "minutes", window=day("2025-12-01"))
    assert yahoo.asked == []


def test_minutes_that_half_reach_back_are_yielded_and_the_rest_is_told(yahoo: LocalService) -> None:
    answers = yfinance_bars.ask(web(yahoo), Subject("minutes", "MU"), day("2025-12-21"))
    assert next(answers).status == 200
    with pytest.raises(Incomplete, match="2025-12-21"):
        next(answers)


def test_the_minute_of_the_last_trade_that_yahoo_saw_is_not_over(yahoo: LocalService) -> None:
    (answer,) = asked(yahoo, "minutes", window=day("2026-01-15"))
    seen_at = datetime(2026, 1, 15, 15, 30, 20, tzinfo=UTC)  # a quarter of an hour late
    late = altered(answer, lambda result: result["meta"].update(regularMarketTime=int(seen_at.timestamp())))
    late = msgspec.structs.replace(late, asked_at=seen_at + timedelta(minutes=15))
    found, _ = rows([late])
    assert max(row["start_at"] for row in found) == datetime(2026, 1, 15, 15, 29, tzinfo=UTC)


@pytest.mark.parametrize(("asked_at", "is_there"), [("20:10", False), ("20:15", True), ("15:00", False)])
def test_the_bar_of_a_running_session_is_not_stored(yahoo: LocalService, asked_at: str, is_there: bool) -> None:
    answers = asked(yahoo)
    now = datetime.fromisoformat(f"2025-07-15T{asked_at}+00:00")
    upto = altered(answers[0], lambda result: None)
    found, _ = rows([msgspec.structs.replace(upto, asked_at=now)])
    assert (date(2025, 7, 15) in {row["trading_day"] for row in found}) is is_there
    assert date(2025, 7, 14) in {row["trading_day"] for row in found}
    assert date(2025, 7, 16) not in {row["trading_day"] for row in found}


def test_the_running_day_of_a_coin_is_never_final(yahoo: LocalService) -> None:
    answers = asked(yahoo, name="BTC")
    found, _ = rows([msgspec.structs.replace(answers[0], asked_at=datetime(2025, 7, 12, 23, 59, tzinfo=UTC))])
    assert max(row["trading_day"] for row in found) == date(2025, 7, 11)  # a Friday; the 12th still runs
    found, _ = rows([msgspec.structs.replace(answers[0], asked_at=datetime(2025, 7, 13, 0, 0, tzinfo=UTC))])
    assert max(row["trading_day"] for row in found) == date(2025, 7, 12)


def test_a_bad_bar_is_a_reject_and_stops_no_other(yahoo: LocalService) -> None:
    (answer,) = asked(yahoo)
    clean, _ = rows([answer])

    def spoil(result: dict[str, Any]) -> None:
        result["indicators"]["quote"][0]["close"][3] = "lots"
        result["timestamp"][5] = 10**18
        result["indicators"]["quote"][0]["high"][7] = None

    found, rejects = rows([altered(answer, spoil)])
    assert len(found) == len(clean) - 2
    assert sorted(reject["reason"].split(":")[0] for reject in rejects) == ["close", "time"]


def test_bars_of_nothing_are_left_out(yahoo: LocalService) -> None:
    (answer,) = asked(yahoo)

    def blank(result: dict[str, Any]) -> None:
        for column in (*result["indicators"]["quote"][0].values(), result["indicators"]["adjclose"][0]["adjclose"]):
            column[4] = None

    assert len(rows([altered(answer, blank)])[0]) == len(rows([answer])[0]) - 1


def test_a_dividend_on_a_day_without_a_bar_is_kept(yahoo: LocalService) -> None:
    (answer,) = asked(yahoo)
    sunday = int(datetime(2025, 5, 4, 14, 30, tzinfo=UTC).timestamp())

    def pay(result: dict[str, Any]) -> None:
        result["events"]["dividends"] = {str(sunday): {"amount": 1.25, "date": sunday}}

    found, _ = rows([altered(answer, pay)])
    assert [(row["trading_day"], row["close"]) for row in found if row["dividend"]] == [(date(2025, 5, 4), None)]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda result: result.pop("meta"), "meta"),
        (lambda result: result["meta"].update(dataGranularity="1mo"), "dataGranularity"),
        (lambda result: result["meta"].update(exchangeTimezoneName="Mars/Olympus"), "exchangeTimezoneName"),
        (lambda result: result["indicators"]["quote"][0]["close"].pop(), "close"),
        (lambda result: result["indicators"].update(quote=[]), "quote"),
    ],
)
def test_another_shape_is_told_when_asking_and_a_reject_when_reading(
    yahoo: LocalService, spoil: Any, said: str
) -> None:
    (good,) = asked(yahoo)
    bad = altered(good, spoil)

    def other(asked: Asked) -> Reply:
        return Reply(bad.body) if asked.path.startswith(play.CHART) else play.play(asked)

    yahoo.play = other
    with pytest.raises(WrongShape, match=said):
        asked(yahoo)
    found, rejects = rows([bad, good])
    assert len(found) > 200
    assert [reject["line"] for reject in rejects] == [1]
    assert said in rejects[0]["reason"]


def failing(reply: Reply) -> Any:
    return lambda asked: reply if asked.path.startswith(play.CHART) else play.play(asked)


def test_too_many_questions_are_throttled_and_not_repeated(yahoo: LocalService) -> None:
    yahoo.play = failing(Reply(b"Too Many Requests", 429, {"Retry-After": "3600"}))
    with pytest.raises(Throttled) as error:
        asked(yahoo)
    assert error.value.next_allowed_at == play.NOW + timedelta(hours=1)
    assert len(charts(yahoo)) == 1


def test_a_server_in_trouble_is_tried_again_and_then_told(yahoo: LocalService) -> None:
    yahoo.play = failing(Reply(b"oops", 502))
    with pytest.raises(SourceDown, match="502"):
        asked(yahoo)
    assert len(charts(yahoo)) == BRISK.tries


def test_a_page_instead_of_a_chart_is_told(yahoo: LocalService) -> None:
    yahoo.play = failing(Reply(b"<html>Will be right back</html>", 200, {"Content-Type": "text/html"}))
    with pytest.raises(WrongShape, match="HTML"):
        asked(yahoo)


def test_another_cookie_is_tried_once_where_the_first_is_refused(yahoo: LocalService) -> None:
    yahoo.play = failing(Reply(b'{"finance":{"error":{"description":"Invalid Crumb"}}}', 401))
    with pytest.raises(Refused, match="401"):
        asked(yahoo)
    assert len(charts(yahoo)) == 2


def test_a_redirect_of_a_chart_is_not_followed(yahoo: LocalService) -> None:
    yahoo.play = failing(Reply(b"", 302, {"Location": "http://127.0.0.1:9/"}))
    with pytest.raises(Refused, match="redirects"):
        asked(yahoo)


def test_an_endless_chart_is_cut(yahoo: LocalService) -> None:
    yahoo.play = failing(Reply(b" " * 2**20))
    small = replace(web(yahoo), manners=replace(BRISK, answer_bytes=2**16))
    with pytest.raises(TooLarge, match="65,536"):
        list(yfinance_bars.ask(small, Subject("daily", "MU"), play.WINDOW))


def test_a_chart_comes_without_cookie_and_crumb_too(yahoo: LocalService) -> None:
    yahoo.play = lambda asked: play.play(asked) if asked.path.startswith(play.CHART) else Reply(b"", 503)
    assert len(asked(yahoo)) == 1


def test_nobody_there_is_told() -> None:
    with LocalService(play.play) as service:
        gone = service.url
    with pytest.raises(SourceDown, match=gone):
        list(yfinance_bars.ask(replace(web(service), base_url=gone), Subject("daily", "MU"), play.WINDOW))


def test_nothing_is_written_into_the_home_of_the_user(yahoo: LocalService, tmp_path: Path) -> None:
    program = (
        "import sys, datetime as d\n"
        "from pipelines.prices import yfinance_bars as y\n"
        "from pipelines.sources.web import Web, Manners\n"
        "from pipelines.sources.windows import Subject, Window\n"
        "at = lambda year: d.datetime(year, 1, 1, tzinfo=d.UTC)\n"
        "web = Web('yfinance', sys.argv[1], manners=Manners(pause_seconds=0))\n"
        "print(len(list(y.ask(web, Subject('daily', 'MU'), Window(at(2025), at(2026))))))\n"
    )
    root = Path(__file__).parents[1]
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONPATH": str(root)}
    done = subprocess.run(
        [sys.executable, "-c", program, yahoo.url], env=home, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "1\n"
    assert done.stderr == ""
    assert list(tmp_path.rglob("*")) == []
