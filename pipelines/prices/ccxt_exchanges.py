"""Exchanges of ccxt that ask through a session of ours: one exchange, one market, the errors of ccxt as ours.

Here: what ccxt is told and what it says. Not here: bars (``ccxt_bars.py``), HTTP (``pipelines/sources/sessions.py``).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

import msgspec
import requests

from pipelines.prices.vendors import canonical_ticker
from pipelines.sources.answers import Answer, Refused, SourceDown, Throttled, WrongShape, decoded
from pipelines.sources.sessions import ThroughWeb
from pipelines.sources.web import UNSAID_WAIT, Passing, Web
from pipelines.sources.windows import Subject

TIMEFRAMES = {"daily": "1d", "minutes": "1m"}
# How the readers of ccxt fail on a shape that is not the exchange's.
ODD_SHAPE = (TypeError, KeyError, IndexError, ValueError, AttributeError, ArithmeticError)

# Markets by base_url and subject: a list of all of an exchange's takes megabytes, and would be asked for each window.
_markets: dict[tuple[str, str], dict[str, Any]] = {}


def exchange_of(name: str, session: requests.Session, base_url: str) -> Any:
    """An exchange of ccxt that asks through ``session``, its hosts replaced by ``base_url`` where that is set."""
    import ccxt  # a hundred exchanges: a second and 100 MB that no other source needs

    if name not in ccxt.exchanges:
        near = get_close_matches(name, ccxt.exchanges, n=3)
        meant = f"; did you mean {' or '.join(near)}?" if near else "; docs/sources/ccxt.md says where to find them"
        raise Refused(f"ccxt: there is no exchange {name[:40]!r}{meant}")
    # Web paces the questions, and the adapter knows no time but that of Web.
    exchange = getattr(ccxt, name)({"session": session, "enableRateLimit": False})
    exchange.has["fetchCurrencies"] = False  # bars need no list of coins and their networks
    exchange.filter_by_since_limit = lambda candles, *question: candles  # it drops what has no time, and says nothing
    if base_url:
        exchange.urls["api"] = _moved(exchange.urls["api"], base_url.rstrip("/"))
    return exchange


def _moved(urls: Any, base_url: str) -> Any:
    if isinstance(urls, dict):
        return {name: _moved(url, base_url) for name, url in urls.items()}
    return base_url + urlsplit(urls).path if isinstance(urls, str) else urls


def market_of(web: Web, exchange: Any, adapter: ThroughWeb, subject: Subject, pair: str) -> dict[str, Any]:
    """What ccxt knows of a pair, as JSON; ``Refused`` names similar ones where there is none."""
    if canonical_ticker(pair.partition(":")[0]) is None:
        raise Refused(f"ccxt: {subject.name[:40]!r} is no pair; write exchange:COIN/CURRENCY, such as gate:BTC/USDT")
    if exchange.has.get("fetchOHLCV") is not True or TIMEFRAMES[subject.kind] not in (exchange.timeframes or {}):
        raise Refused(f"ccxt: {exchange.id} has no bars of {TIMEFRAMES[subject.kind]}; follow the pair on another one")
    known = (web.base_url, subject.name)
    if known in _markets:
        return _markets[known]
    options = exchange.options.get("fetchMarkets")
    types = options.get("types") if isinstance(options, dict) else None
    if isinstance(types, list) and "spot" in types and ":" not in pair:
        exchange.options["fetchMarkets"] = {**options, "types": ["spot"]}  # not thousands of futures and options

    def markets() -> dict[str, Any]:
        list(adapter.kept())
        with told(web, exchange.id, is_passing=True):
            loaded = exchange.load_markets(True)
            refuse_pages(adapter.kept())  # they are not landed
            return loaded

    found = web.tried(markets)
    if pair not in found:
        near = get_close_matches(pair, list(found), n=3)
        meant = f"; did you mean {' or '.join(near)}?" if near else ""
        raise Refused(f"ccxt: {exchange.id} has no pair {pair[:40]!r}{meant}")
    _markets[known] = msgspec.json.decode(msgspec.json.encode(found[pair]))
    return _markets[known]


def refuse_pages(answers: Iterable[Answer]) -> list[Answer]:
    """The answers; ``WrongShape`` where one is no JSON, of which ccxt reads what it can."""
    answers = list(answers)
    for answer in answers:
        decoded("ccxt", answer, list | dict)
    return answers


@contextmanager
def told(web: Web, exchange_id: str, *, is_passing: bool) -> Iterator[None]:
    """The errors of ccxt as ours; ``Passing`` for those after which ``Web`` may try again."""
    import ccxt

    try:
        yield
    except (ccxt.RateLimitExceeded, ccxt.DDoSProtection) as error:
        raise Throttled(f"ccxt: {web.hide(str(error))[:300]}", web.now() + UNSAID_WAIT) from None
    except (ccxt.BadResponse, ccxt.NullResponse, WrongShape, *ODD_SHAPE) as error:
        said = error if isinstance(error, WrongShape) else _odd(web, exchange_id, error)
        raise (Passing(said) if is_passing else said) from None
    except ccxt.OperationFailed as error:
        said = SourceDown(f"ccxt: {web.hide(str(error))[:300]}")
        raise (Passing(said) if is_passing else said) from None
    except ccxt.BaseError as error:
        raise Refused(f"ccxt: {web.hide(str(error))[:300]}") from None


def _odd(web: Web, exchange_id: str, error: Exception) -> WrongShape:
    said = web.hide(f"{type(error).__name__}: {error}")[:200]
    return WrongShape(f"ccxt: {exchange_id} answered in a shape that ccxt does not know ({said})")
