"""Alpha Vantage's bars, against a play of its interface on this machine."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from pipelines.prices import alphavantage
from pipelines.sources.answers import Answer, Incomplete, Refused, SourceDown, Throttled, WrongShape
from pipelines.sources.rows import Limits
from pipelines.sources.web import Manners, Web
from pipelines.sources.windows import Subject, Window
from tests.local_service import LocalService, Reply
from tests.plays import alphavantage_prices as play

BRISK = Manners(pause_seconds=0, first_wait_seconds=0.01, tries=2)
PAID = {"alphavantage_key": play.PAID_KEY}
JANUARY = Window(datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 2, 1, tzinfo=UTC))


@pytest.fixture
def service() -> Iterator[LocalService]:
    with LocalService(play.play) as service:
        yield service


def web(service: LocalService, keys: dict[str, str] = play.KEYS, now: datetime = play.NOW) -> Web:
    return Web("alphavantage", service.url, keys, BRISK, now=lambda: now, sleep=lambda seconds: None)


def asked(
    service: LocalService, name: str = "NEWC", kind: str = "daily", window: Window = play.WINDOW, **settings: Any
) -> list[Answer]:
    return list(alphavantage.ask(web(service, **settings), Subject(kind, name), window))


def rows(answers: list[Answer]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    batches = list(alphavantage.read(answers, Limits()))
    return [row for batch in batches for row in batch.prices.to_pylist()], [
        row for batch in batches for row in batch.rejects.to_pylist()
    ]


def test_a_free_key_is_answered_with_rows_and_landed_unchanged(service: LocalService) -> None:
    (answer,) = asked(service)
    assert answer.body == play.daily("NEWC").body
    found, rejects = rows([answer])
    assert rejects == []
    assert min(row["trading_day"] for row in found) == date(2024, 10, 1)
    first = found[-1]
    assert first == {
        "ticker": "NEWC",
        "bar": "1d",
        "trading_day": date(2024, 10, 1),
        "start_at": None,
        "open": 49.75,
        "high": 51.0,
        "low": 49.0,
        "close": 50.0,
        "adjusted_close": None,
        "volume": 1000.0,
        "dividend": None,
        "split_ratio": None,
        "vendor": "alphavantage",
    }


def test_the_bar_of_the_running_day_is_not_stored(service: LocalService) -> None:
    answers = asked(service)
    assert "2025-01-10" in answers[0].text
    assert max(row["trading_day"] for row in rows(answers)[0]) == date(2025, 1, 8)  # the 9th was a day of mourning
    evening = msgspec.structs.replace(answers[0], asked_at=datetime(2025, 1, 10, 21, 15, tzinfo=UTC))
    assert max(row["trading_day"] for row in rows([evening])[0]) == date(2025, 1, 10)


def test_the_key_is_sent_and_nowhere_kept(service: LocalService) -> None:
    (answer,) = asked(service)
    key = play.KEYS["alphavantage_key"]
    assert service.asked[0].query["apikey"] == key
    assert key not in msgspec.json.encode(answer).decode()


def test_without_a_key_the_variable_is_named(service: LocalService) -> None:
    with pytest.raises(Refused, match="CROWDTAPE_ALPHAVANTAGE_KEY"):
        asked(service, keys={})


def test_what_lies_before_the_newest_hundred_is_yielded_and_told(service: LocalService) -> None:
    answers = alphavantage.ask(web(service), Subject("daily", "MU"), play.WINDOW)
    found, _ = rows([next(answers)])
    assert len(found) == 99  # and the running day
    with pytest.raises(Incomplete, match="last 100"):
        next(answers)


def test_years_out_of_reach_cost_no_question(service: LocalService) -> None:
    with pytest.raises(Incomplete, match="2023"):
        asked(service, window=Window(datetime(2023, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)))
    assert service.asked == []


def test_minutes_are_windows_of_months() -> None:
    months = alphavantage.windows(Subject("minutes", "MU"), date(2024, 11, 20), date(2025, 3, 1), play.NOW)
    assert [f"{window.start:%Y-%m-%d} {window.end:%Y-%m-%d}" for window in months] == [
        "2024-11-01 2024-12-01",
        "2024-12-01 2025-01-01",
        "2025-01-01 2025-02-01",
    ]


def test_minutes_start_a_minute_before_their_stamp(service: LocalService) -> None:
    found, rejects = rows(asked(service, "MU", "minutes", JANUARY, keys=PAID))
    assert rejects == []
    starts = sorted(row["start_at"] for row in found)
    assert starts[0] == datetime(2025, 1, 2, 14, 30, tzinfo=UTC)
    assert starts[-1] == datetime(2025, 1, 8, 20, 59, tzinfo=UTC)
    assert len(starts) == 5 * 390


def test_minutes_need_a_paid_key(service: LocalService) -> None:
    with pytest.raises(Refused, match="needs a paid key"):
        asked(service, "MU", "minutes", JANUARY)
    assert len(service.asked) == 1


@pytest.mark.parametrize(("name", "symbol"), [("BRK.B", "BRK-B"), ("TSCO.L", "TSCO.LON")])
def test_tickers_are_asked_in_its_spelling_and_kept_in_ours(service: LocalService, name: str, symbol: str) -> None:
    answers = alphavantage.ask(web(service), Subject("daily", name), play.WINDOW)
    found, _ = rows([next(answers)])
    assert service.asked[0].query["symbol"] == symbol
    assert {row["ticker"] for row in found} == {name}


@pytest.mark.parametrize("name", ["BTC", "7203.T", "no ticker"])
def test_what_it_does_not_have_is_refused_unasked(service: LocalService, name: str) -> None:
    with pytest.raises(Refused, match=r"follow|no share"):
        asked(service, name)
    assert service.asked == []


def test_an_unknown_symbol_is_refused_in_its_words(service: LocalService) -> None:
    with pytest.raises(Refused, match=r"symbol=NOSUCH.*is there such a symbol.*Invalid API call"):
        asked(service, "NOSUCH")


def test_a_wrong_key_is_refused_and_not_shown(service: LocalService) -> None:
    with pytest.raises(Refused, match="is the key right") as error:
        asked(service, keys={"alphavantage_key": "invented-wrong-key"})
    assert "invented-wrong-key" not in str(error.value)


@pytest.mark.parametrize("field", ["Information", "Note"])
@pytest.mark.parametrize(
    ("now", "until"), [("2025-01-10 12:00", "2025-01-11 05:00"), ("2025-07-10 02:00", "2025-07-10 04:00")]
)
def test_a_spent_day_is_throttled_until_the_next_one_of_new_york(
    service: LocalService, field: str, now: str, until: str
) -> None:
    service.play = lambda asked: play.said(field, play.SPENT.format(key=asked.query["apikey"]))
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    with pytest.raises(Throttled, match="25 requests per day") as error:
        asked(service, now=at, window=Window(at - timedelta(days=1), at + timedelta(days=1)))
    assert error.value.next_allowed_at == datetime.fromisoformat(until).replace(tzinfo=UTC)
    assert play.KEYS["alphavantage_key"] not in str(error.value)
    assert len(service.asked) == 1


def test_haste_is_throttled_for_a_minute(service: LocalService) -> None:
    service.play = lambda asked: play.said("Information", play.HASTY)
    with pytest.raises(Throttled) as error:
        asked(service)
    assert error.value.next_allowed_at == play.NOW + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (b"{}", r"Time Series \(Daily\)"),
        (b"[]", "promises"),
        (b'{"Time Series (Daily)": [1, 2]}', "bars by time"),
        (b"<html></html>", "HTML"),
        (b'{"Weekly Time Series": {}}', "Weekly"),
    ],
)
def test_another_shape_is_told(service: LocalService, body: bytes, named: str) -> None:
    service.play = lambda asked: Reply(body)
    with pytest.raises(WrongShape, match=named):
        asked(service)


def test_a_server_in_trouble_is_tried_again_and_then_told(service: LocalService) -> None:
    service.play = lambda asked: Reply(b"oops", 503)
    with pytest.raises(SourceDown, match="503"):
        asked(service)
    assert len(service.asked) == BRISK.tries


def test_a_bad_bar_is_a_reject_and_a_bad_answer_stops_no_other(service: LocalService) -> None:
    (answer,) = asked(service)
    document = json.loads(answer.body)
    document["Time Series (Daily)"]["2024-11-01"]["4. close"] = "lots"
    bad = msgspec.structs.replace(answer, body=json.dumps(document).encode())
    broken = [msgspec.structs.replace(answer, body=body) for body in (b"[", b'{"a": 1}', b"[" * 100_000)]
    found, rejects = rows([*broken, bad])
    assert len(found) == len(rows([answer])[0]) - 1
    assert [reject["line"] for reject in rejects] == [1, 2, 3, None]
    assert rejects[-1]["reason"].startswith("close")


def test_adjusted_bars_are_read_too_where_they_were_landed(service: LocalService) -> None:
    (answer,) = asked(service)
    bar = {
        **play.bar(0),
        "5. adjusted close": "25.0",
        "6. volume": "7",
        "7. dividend amount": "0.5",
        "8. split coefficient": "2.0",
    }
    del bar["5. volume"]
    body = json.dumps({"Time Series (Daily)": {"2024-11-01": bar}}).encode()
    (row,), _ = rows([msgspec.structs.replace(answer, body=body)])
    assert (row["adjusted_close"], row["dividend"], row["split_ratio"]) == (25.0, 0.5, 2.0)


def test_minutes_that_show_no_edge_of_a_session_are_refused_with_the_reason(service: LocalService) -> None:
    (answer,) = asked(service, "MU", "minutes", JANUARY, keys=PAID)
    bars = {f"2025-01-02 12:{minute:02}:00": play.bar(minute) for minute in range(30)}
    body = json.dumps({"Time Series (1min)": bars}).encode()
    found, rejects = rows([msgspec.structs.replace(answer, body=body)])
    assert found == []
    assert "start or end" in rejects[0]["reason"]
