"""StockTwits: the stream of MU with 260 invented messages over three days, one of BTC.X with five."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from pipelines.sources.windows import Subject, Window
from tests.local_service import Asked, Reply

NAME = "stocktwits"
SUBJECT = Subject("ticker", "MU")
WINDOW = Window(datetime(2026, 5, 28, tzinfo=UTC), datetime(2026, 5, 29, tzinfo=UTC))
NOW = datetime(2026, 5, 30, 12, tzinfo=UTC)
KEYS = {"stocktwits_token": "invented-token-0001"}

PAGE = 30
FIRST_ID, FIRST_AT, STEP = 600_000_000, datetime(2026, 5, 27, 20, 0, 7, tzinfo=UTC), timedelta(minutes=7)
TOP, ANSWERS = FIRST_ID + 3 * 100, (FIRST_ID + 3 * 103, FIRST_ID + 3 * 107)  # a conversation; ids go up by three
SAID = (
    "{tag} holding through earnings, it&#39;s cheap",
    "{tag} &gt; everything else in memory &amp; storage",
    "{tag} looks heavy here",
    "sold half of my {tag} &quot;too early&quot; again",
    "{tag} volume is picking up",
)
STANCES = ({"basic": "Bullish"}, None, {"basic": "Bearish"}, None, None)


def message(place: int, symbol: str) -> dict[str, Any]:
    number = FIRST_ID + 3 * place
    user = place % 13
    written: dict[str, Any] = {
        "id": number,
        "body": SAID[place % 5].format(tag=f"${symbol}") + f" {place}",
        "created_at": f"{FIRST_AT + place * STEP:%Y-%m-%dT%H:%M:%SZ}",
        "user": {
            "id": 9_000 + user,
            "username": f"invented{user}",
            "name": f"Invented {user}",
            "join_date": "2020-01-02",
            "official": False,
            "identity": "User",
            "classification": [],
            "followers": 10 * user,
        },
        "source": {"id": 2269, "title": "StockTwits Web", "url": "https://stocktwits.com"},
        "symbols": [{"id": 9, "symbol": symbol, "title": "Invented", "aliases": [], "is_following": False}],
        "mentioned_users": [],
        "entities": {"sentiment": STANCES[place % 5]},
    }
    if place % 6 == 0:
        written["likes"] = {"total": 1 + place % 4, "user_ids": list(range(1 + place % 4))}
    if number == TOP:
        written["conversation"] = {
            "parent_message_id": TOP,
            "in_reply_to_message_id": None,
            "parent": True,
            "replies": len(ANSWERS),
        }
    elif number in ANSWERS:
        written["conversation"] = {
            "parent_message_id": TOP,
            "in_reply_to_message_id": TOP,
            "parent": False,
            "replies": 0,
        }
    return written


# Newest first, as the stream is.
STREAMS = {
    "MU": [message(place, "MU") for place in reversed(range(260))],
    "BTC.X": [message(place, "BTC.X") for place in reversed(range(36, 41))],
}


def stream(symbol: str, query: dict[str, str]) -> dict[str, Any]:
    newest = int(query.get("max") or 10**18)
    older = [one for one in STREAMS[symbol] if one["id"] < newest]
    page = older[:PAGE]
    return {
        "response": {"status": 200},
        "symbol": {"id": 9, "symbol": symbol, "title": "Invented", "aliases": [], "watchlist_count": 1_000},
        "cursor": {
            "more": len(older) > PAGE,
            "since": page[0]["id"] if page else None,
            "max": page[-1]["id"] if page else None,
        },
        "messages": page,
    }


def play(asked: Asked) -> Reply:
    """As the service answers for the stream of a symbol."""
    symbol = re.fullmatch(r"/api/2/streams/symbol/([A-Z.]+)\.json", asked.path)
    if symbol and symbol[1] in STREAMS:
        return Reply(json.dumps(stream(symbol[1], asked.query)).encode())
    missing = {"response": {"status": 404}, "errors": [{"message": "Symbol not found"}]}
    return Reply(json.dumps(missing).encode(), 404)
