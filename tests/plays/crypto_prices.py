"""Gate's public interface, as ccxt asks it: the list of pairs, and candles in pages of 50; the prices are invented."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.sources.windows import Subject, Window
from tests.local_service import Asked, Reply

NAME = "ccxt"
SUBJECT = Subject("daily", "gate:BTC/USDT")
WINDOW = Window(datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))
NOW = datetime(2025, 1, 10, 12, 0, tzinfo=UTC)
KEYS: dict[str, str] = {}

PAGE = 50
SECONDS = {"1d": 86_400, "1m": 60}
LISTED = {"BTC_USDT": datetime(2020, 1, 1, tzinfo=UTC), "NEW_USDT": datetime(2024, 6, 1, tzinfo=UTC)}


def play(asked: Asked) -> Reply:
    """Pairs and candles; of the minutes only the last 10,000, as the service says."""
    if asked.path == "/api/v4/margin/currency_pairs":
        return Reply(b"[]")
    if asked.path == "/api/v4/spot/currency_pairs":
        return Reply(json.dumps([pair(name) for name in LISTED]).encode())
    if asked.path != "/api/v4/spot/candlesticks" or asked.query.get("currency_pair") not in LISTED:
        return Reply(b'{"label":"INVALID_CURRENCY_PAIR","message":"Invalid currency pair"}', 404)
    step = SECONDS[asked.query["interval"]]
    start, end = int(asked.query["from"]), int(asked.query["to"])
    if start < NOW.timestamp() - 10_000 * step:
        said = "Candlestick too long ago. Maximum 10000 points ago are allowed"
        return Reply(json.dumps({"label": "INVALID_PARAM_VALUE", "message": said}).encode(), 400)
    first = max(-(-start // step) * step, int(LISTED[asked.query["currency_pair"]].timestamp()))
    stamps = range(first, min(end, int(NOW.timestamp())) + 1, step)[:PAGE]
    return Reply(json.dumps([candle(stamp, step) for stamp in stamps]).encode())


def pair(name: str) -> dict[str, Any]:
    """One pair as it is listed."""
    base, quote = name.split("_")
    return {
        "id": name,
        "base": base,
        "quote": quote,
        "fee": "0.2",
        "min_quote_amount": "3",
        "amount_precision": 5,
        "precision": 1,
        "trade_status": "tradable",
        "sell_start": 0,
        "buy_start": int(LISTED[name].timestamp()),
        "type": "normal",
    }


def candle(stamp: int, step: int) -> list[str]:
    """One candle: time, volume in the currency, close, high, low, open, volume in the coin, whether it is closed."""
    close = 40_000 + (stamp // step) % 10_000
    is_over = stamp + step <= NOW.timestamp()
    prices = [f"{price:.1f}" for price in (close, close + 20.5, close - 20.5, close - 10)]
    return [str(stamp), f"{close * 2.5:.2f}", *prices, "2.5", "true" if is_over else "false"]


def day(text: str) -> Window:
    """The window of one UTC day."""
    start = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return Window(start, start + timedelta(days=1))
