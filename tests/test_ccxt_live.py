"""Bars of a crypto exchange through ccxt, against a play of Gate on this machine."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from pytest import MonkeyPatch

from pipelines.prices import ccxt_bars
from pipelines.sources.answers import Answer, Incomplete, Refused, SourceDown, Throttled, WrongShape
from pipelines.sources.rows import Limits
from pipelines.sources.web import Manners, Web
from pipelines.sources.windows import Subject, Window
from tests.local_service import Asked, LocalService, Reply
from tests.plays import crypto_prices as play

CANDLES = "/api/v4/spot/candlesticks"
BRISK = Manners(pause_seconds=0, first_wait_seconds=0.01, tries=2)


@pytest.fixture
def gate(monkeypatch: MonkeyPatch) -> Iterator[LocalService]:
    from pipelines.prices import ccxt_exchanges

    monkeypatch.setattr(ccxt_exchanges, "_markets", {})  # a port may be that of an earlier test
    with LocalService(play.play) as service:
        yield service


def web(service: LocalService, now: datetime = play.NOW) -> Web:
    return Web("ccxt", service.url, manners=BRISK, now=lambda: now, sleep=lambda seconds: None)


def asked(
    service: LocalService, name: str = "gate:BTC/USDT", kind: str = "daily", window: Window = play.WINDOW
) -> list[Answer]:
    return list(ccxt_bars.ask(web(service), Subject(kind, name), window))


def rows(answers: list[Answer]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    batches = list(ccxt_bars.read(answers, Limits()))
    return [row for batch in batches for row in batch.prices.to_pylist()], [
        row for batch in batches for row in batch.rejects.to_pylist()
    ]


def candles(service: LocalService) -> list[Asked]:
    return [one for one in service.asked if one.path == CANDLES]


def playing(service: LocalService, change: Any) -> None:
    """Candles answered by ``change(asked)``, all else as before."""
    service.play = lambda asked: change(asked) if asked.path == CANDLES else play.play(asked)


def test_a_year_is_asked_page_by_page_with_the_last_partial_one(gate: LocalService) -> None:
    answers = asked(gate)
    assert len(answers) == 8
    assert int(candles(gate)[0].query["from"]) == datetime(2023, 12, 18, tzinfo=UTC).timestamp()
    found, rejects = rows(answers)
    assert rejects == []
    days = [row["trading_day"] for row in found]
    assert days[0] == date(2023, 12, 18)
    assert [one for one in days if one.year == 2024] == [
        date(2024, 1, 1) + timedelta(days=number) for number in range(366)
    ]


def test_pages_are_landed_as_they_came_and_nothing_else_is(gate: LocalService) -> None:
    answers = asked(gate)
    assert [answer.body for answer in answers] == [play.play(one).body for one in candles(gate)]
    assert {one.path for one in gate.asked} == {CANDLES, "/api/v4/spot/currency_pairs", "/api/v4/margin/currency_pairs"}


def test_a_row_is_what_the_exchange_said_of_the_coin(gate: LocalService) -> None:
    found, _ = rows(asked(gate))
    stamp = int(datetime(2024, 2, 29, tzinfo=UTC).timestamp())
    said = play.candle(stamp, 86_400)
    (row,) = (row for row in found if row["trading_day"] == date(2024, 2, 29))
    names = {"close": 2, "high": 3, "low": 4, "open": 5, "volume": 6}
    assert {name: row[name] for name in names} == {name: float(said[place]) for name, place in names.items()}
    assert (row["ticker"], row["vendor"], row["bar"], row["adjusted_close"]) == ("BTC", "ccxt-gate", "1d", None)


def test_landed_pages_are_read_without_network_and_after_json_and_back(
    gate: LocalService, monkeypatch: MonkeyPatch
) -> None:
    answers = asked(gate)
    first = rows(answers)
    landed = msgspec.json.decode(msgspec.json.encode(answers), type=list[Answer])
    monkeypatch.setattr(socket.socket, "connect", None)
    assert rows(landed) == first


def test_the_running_day_is_never_final(gate: LocalService) -> None:
    window = Window(datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
    answers = asked(gate, window=window)
    said = [int(candle[0]) for answer in answers for candle in json.loads(answer.body)]
    assert max(said) == datetime(2025, 1, 10, tzinfo=UTC).timestamp()
    assert max(row["trading_day"] for row in rows(answers)[0]) == date(2025, 1, 9)


def test_minutes_of_a_day_are_all_there(gate: LocalService) -> None:
    answers = asked(gate, kind="minutes", window=play.day("2025-01-09"))
    found, rejects = rows(answers)
    start = datetime(2025, 1, 9, tzinfo=UTC)
    assert rejects == []
    assert [row["start_at"] for row in found][:1440] == [start + timedelta(minutes=number) for number in range(1440)]
    assert {row["trading_day"] for row in found[:1440]} == {date(2025, 1, 9)}


def test_a_minute_that_still_runs_is_not_stored(gate: LocalService) -> None:
    now = datetime(2025, 1, 10, 11, 30, 20, tzinfo=UTC)
    answers = list(ccxt_bars.ask(web(gate, now), Subject("minutes", "gate:BTC/USDT"), play.day("2025-01-10")))
    assert max(row["start_at"] for row in rows(answers)[0]) == datetime(2025, 1, 10, 11, 29, tzinfo=UTC)


def test_the_list_of_pairs_is_asked_once_for_many_windows(gate: LocalService) -> None:
    asked(gate, kind="minutes", window=play.day("2025-01-08"))
    asked(gate, kind="minutes", window=play.day("2025-01-09"))
    assert [one.path for one in gate.asked].count("/api/v4/spot/currency_pairs") == 1


def test_an_unknown_exchange_is_refused_with_those_alike(gate: LocalService) -> None:
    with pytest.raises(Refused, match=r"'krakn'; did you mean kraken"):
        asked(gate, "krakn:BTC/USDT")
    assert gate.asked == []


def test_an_unknown_pair_is_refused_with_those_alike(gate: LocalService) -> None:
    with pytest.raises(Refused, match=r"gate has no pair 'BTC/USDC'; did you mean BTC/USDT"):
        asked(gate, "gate:BTC/USDC")


def test_a_coin_listed_during_the_year_is_no_gap(gate: LocalService) -> None:
    found, _ = rows(asked(gate, "gate:NEW/USDT"))
    assert min(row["trading_day"] for row in found) == date(2024, 6, 1)
    assert max(row["trading_day"] for row in found) >= date(2024, 12, 31)


def test_an_exchange_that_has_only_its_newest_bars_says_so(gate: LocalService) -> None:
    newest = [
        play.candle(int(play.NOW.timestamp()) // 86_400 * 86_400 - 86_400 * back, 86_400) for back in range(1000)
    ][::-1]
    playing(gate, lambda asked: Reply(json.dumps(newest).encode()))
    found: list[Answer] = []
    old = Window(datetime(2018, 1, 1, tzinfo=UTC), datetime(2019, 1, 1, tzinfo=UTC))
    with pytest.raises(Incomplete, match="newest 1000 bars"):
        found.extend(ccxt_bars.ask(web(gate), Subject("daily", "gate:BTC/USDT"), old))
    assert len(rows(found)[0]) == 999


def test_a_bar_before_what_was_asked_is_kept_and_moves_nothing(gate: LocalService) -> None:
    early = play.candle(int(datetime(2023, 12, 17, tzinfo=UTC).timestamp()), 86_400)
    playing(gate, lambda asked: Reply(json.dumps([early, *json.loads(play.play(asked).body)]).encode()))
    found, rejects = rows(asked(gate))
    assert rejects == []
    assert min(row["trading_day"] for row in found) == date(2023, 12, 17)
    assert max(row["trading_day"] for row in found) >= date(2024, 12, 31)


def test_a_page_that_repeats_leads_in_no_circle(gate: LocalService) -> None:
    stuck = [play.candle(int(datetime(2023, 12, 18, tzinfo=UTC).timestamp()), 86_400)]
    playing(gate, lambda asked: Reply(json.dumps(stuck).encode()))
    answers = asked(gate)
    assert len(answers) < 5
    assert {row["trading_day"] for row in rows(answers)[0]} == {date(2023, 12, 18)}


def test_what_the_exchange_does_not_have_is_refused_in_its_own_words(gate: LocalService) -> None:
    with pytest.raises(Refused, match="Candlestick too long ago"):
        asked(gate, kind="minutes", window=play.day("2024-06-01"))


def test_haste_told_with_status_200_is_throttled(gate: LocalService) -> None:
    playing(gate, lambda asked: Reply(b'{"label":"TOO_MANY_REQUESTS","message":"Request Rate limit Exceeded"}'))
    with pytest.raises(Throttled) as error:
        asked(gate)
    assert error.value.next_allowed_at > play.NOW


def test_a_server_in_trouble_is_tried_again_and_then_told(gate: LocalService) -> None:
    playing(gate, lambda asked: Reply(b"oops", 502))
    with pytest.raises(SourceDown, match="502"):
        asked(gate)
    assert len(candles(gate)) == BRISK.tries


@pytest.mark.parametrize(
    "body",
    [
        b"<html>hello</html>",
        b"null",
        b'"text"',
        b'{"candles": 1}',
        b'[{"x": 1}]',
        b"[[]]",
        b"[null]",
        b'[["soon", "1"]]',
        b"[",
    ],
)
def test_another_shape_is_told(gate: LocalService, body: bytes) -> None:
    playing(gate, lambda asked: Reply(body))
    with pytest.raises(WrongShape, match="ccxt"):
        asked(gate)


def test_a_page_instead_of_the_pairs_is_told(gate: LocalService) -> None:
    gate.play = lambda asked: Reply(b"<html>hello</html>", 200, {"Content-Type": "text/html"})
    with pytest.raises(WrongShape, match=r"HTML|shape"):
        asked(gate)


@pytest.mark.parametrize(
    ("exchange", "market_id", "body"),
    [
        ("binance", "BTCUSDT", '[[{0}000, "1.0", "4.0", "0.5", "2.0", "7.0", {0}999, "14.0", 3, "1", "1", "0"]]'),
        ("kraken", "XBTUSDT", '{{"error": [], "result": {{"XBTUSDT": [[{0}, "1.0", "4.0", "0.5", "2.0", "1.5", "7.0", 3]], "last": {0}}}}}'),
        ("okx", "BTC-USDT", '{{"code": "0", "msg": "", "data": [["{0}000", "1.0", "4.0", "0.5", "2.0", "7.0", "14.0", "14.0", "1"]]}}'),
        ("bitstamp", "btcusdt", '{{"data": {{"pair": "BTC/USDT", "ohlc": [{{"timestamp": "{0}", "open": "1.0", "high": "4.0", "low": "0.5", "close": "2.0", "volume": "7.0"}}]}}}}'),
        ("coinbase", "BTC-USDT", '{{"candles": [{{"start": "{0}", "open": "1.0", "high": "4.0", "low": "0.5", "close": "2.0", "volume": "7.0"}}]}}'),
    ],
)  # fmt: skip
def test_what_any_exchange_sent_is_read_by_ccxt_itself(exchange: str, market_id: str, body: str) -> None:
    import ccxt

    stamp = int(datetime(2024, 2, 29, tzinfo=UTC).timestamp())
    names = {"id": market_id, "symbol": "BTC/USDT", "base": "BTC", "quote": "USDT", "baseId": "BTC", "quoteId": "USDT"}
    market = getattr(ccxt, exchange)().safe_market_structure(
        {**names, "type": "spot", "spot": True, "contract": False, "info": {}}
    )
    question = {"timeframe": "1d", "since": stamp * 1000, "limit": 100}
    about = {"exchange": exchange, "market": market, **question}
    page = Answer("https://invented.example/bars", play.NOW, body.format(stamp).encode(), about=about)
    (row,), rejects = rows([msgspec.json.decode(msgspec.json.encode(page), type=Answer)])
    assert rejects == []
    numbers = {name: row[name] for name in ("open", "high", "low", "close", "volume")}
    assert numbers == {"open": 1.0, "high": 4.0, "low": 0.5, "close": 2.0, "volume": 7.0}
    assert (row["trading_day"], row["vendor"], row["ticker"]) == (date(2024, 2, 29), f"ccxt-{exchange}", "BTC")


def test_a_broken_page_among_the_landed_is_one_reject(gate: LocalService) -> None:
    answers = asked(gate)
    answers[2] = msgspec.structs.replace(answers[2], body=b'{"candles": 1}')
    found, rejects = rows(answers)
    assert len(found) > 300
    assert [reject["line"] for reject in rejects] == [3]


def test_a_day_that_begins_elsewhere_than_at_midnight_is_refused(gate: LocalService) -> None:
    late = [play.candle(int(datetime(2024, 3, 1, 16, tzinfo=UTC).timestamp()), 86_400)]
    answers = asked(gate)[:1]
    found, rejects = rows([msgspec.structs.replace(answers[0], body=json.dumps(late).encode())])
    assert found == []
    assert "midnight" in rejects[0]["excerpt"]


def test_prices_that_are_no_number_are_null(gate: LocalService) -> None:
    answers = asked(gate)[:1]
    page = json.loads(answers[0].body)
    page[3][2] = "lots"
    found, _ = rows([msgspec.structs.replace(answers[0], body=json.dumps(page).encode())])
    assert [row["close"] for row in found].index(None) == 3
    assert found[3]["open"] is not None


def test_ccxt_is_loaded_only_when_asked() -> None:
    program = "import sys; from pipelines.prices import ccxt_bars; sys.exit('ccxt' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
