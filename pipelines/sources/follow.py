"""What to follow at the live services: ``crowdtape.toml``, read and checked.

Not here: which services are asked at all and their secrets (``pipelines/settings.py``), how they are asked.
"""

import difflib
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from pipelines.sources.answers import NotPublic
from pipelines.sources.public import split_url
from pipelines.sources.services import SERVICES
from pipelines.sources.windows import Subject
from pipelines.text.instruments import TICKER

MOST_SUBJECTS = 5_000  # of one service


class BadFollow(ValueError):
    """``crowdtape.toml`` cannot be used; the message names the file, the field and the way out."""


def _ticker(text: str) -> str:
    ticker = text.strip().removeprefix("$").upper().replace("-", ".")
    if not TICKER.fullmatch(ticker):
        raise ValueError(f"{text!r} is no ticker; write it as MU, BRK.B or BTC")
    return ticker


def _address(text: str) -> str:
    try:
        return split_url(text.strip()).geturl()
    except NotPublic as error:
        raise ValueError(str(error)) from None


def _subreddit(text: str) -> str:
    name = text.strip().removeprefix("/").removeprefix("r/").strip("/")
    if not (2 <= len(name) <= 30 and name.replace("_", "a").isalnum() and name.isascii()):
        raise ValueError(f"{text!r} is no subreddit; write it as wallstreetbets")
    return name


def _search(text: str) -> str:
    if not 2 <= len(text.strip()) <= 200:
        raise ValueError(f"{text!r} is no search; write 2 to 200 characters")
    return text.strip()


def _pair(text: str) -> str:
    exchange, _, pair = text.strip().partition(":")
    base, _, quote = pair.partition("/")
    if not (exchange.isalnum() and base.isalnum() and quote.isalnum()):
        raise ValueError(f"{text!r} is no pair; write exchange:COIN/CURRENCY, such as gate:BTC/USDT")
    return f"{exchange.lower()}:{base.upper()}/{quote.upper()}"


Ticker = Annotated[str, AfterValidator(_ticker)]
Address = Annotated[str, AfterValidator(_address)]
Subreddit = Annotated[str, AfterValidator(_subreddit)]
Search = Annotated[str, AfterValidator(_search)]
Pair = Annotated[str, AfterValidator(_pair)]


CHECKS = {
    "ticker": _ticker,
    "daily": _ticker,
    "minutes": _ticker,
    "feed": _address,
    "headlines": _address,
    "subreddit": _subreddit,
    "search": _search,
}
KINDS = {
    "hackernews": ("search",),
    "reddit": ("subreddit", "search"),
    "stocktwits": ("ticker",),
    "bluesky": ("search",),
    "rss": ("feed", "headlines"),
    "yfinance": ("daily", "minutes"),
    "ccxt": ("daily", "minutes"),
    "alphavantage": ("daily", "minutes"),
}


class Section(BaseModel):
    """What every service's section may say beside what to follow there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: Address | None = None  # another address of the service; may be local
    pause_seconds: float | None = Field(default=None, ge=0, le=3600)


class Searches(Section):
    """Hacker News and Bluesky."""

    searches: tuple[Search, ...] = ()


class Reddit(Section):
    """Reddit."""

    subreddits: tuple[Subreddit, ...] = ()
    searches: tuple[Search, ...] = ()


class Tickers(Section):
    """StockTwits; None stands for the tickers at the top."""

    tickers: tuple[Ticker, ...] | None = None


class Feeds(Section):
    """Feeds, with the linked articles or without."""

    feeds: tuple[Address, ...] = ()
    headlines: tuple[Address, ...] = ()


class Prices(Tickers):
    """Daily bars of ``tickers``, and one-minute bars of ``minutes``."""

    minutes: tuple[Ticker, ...] = ()


class Pairs(Section):
    """Daily bars of ``pairs``, and one-minute bars of ``minutes``."""

    pairs: tuple[Pair, ...] = ()
    minutes: tuple[Pair, ...] = ()


class Follow(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tickers: tuple[Ticker, ...] = ()
    unlisted_tickers: tuple[Ticker, ...] = ()
    hackernews: Searches = Searches()
    reddit: Reddit = Reddit()
    stocktwits: Tickers = Tickers()
    bluesky: Searches = Searches()
    rss: Feeds = Feeds()
    yfinance: Prices = Prices()
    ccxt: Pairs = Pairs()
    alphavantage: Prices = Prices()

    def section(self, source: str) -> Section:
        """The section of one service."""
        return getattr(self, source)

    def subjects(self, source: str) -> list[Subject]:
        """What is followed at one service, each once; ``BadFollow`` where it is nothing."""
        section = self.section(source)
        match section:
            case Searches():
                named = [("search", section.searches)]
            case Reddit():
                named = [("subreddit", section.subreddits), ("search", section.searches)]
            case Feeds():
                named = [("feed", section.feeds), ("headlines", section.headlines)]
            case Pairs():
                named = [("daily", section.pairs), ("minutes", section.minutes)]
            case Prices():
                named = [("daily", self._tickers(section)), ("minutes", section.minutes)]
            case _:
                named = [("ticker", self._tickers(section))]
        found = list(dict.fromkeys(Subject(kind, name) for kind, names in named for name in names))
        if not found:
            raise BadFollow(
                f"crowdtape.toml: nothing is followed at {source}; fill [{source}], or the tickers at the top"
            )
        if len(found) > MOST_SUBJECTS:
            raise BadFollow(f"crowdtape.toml: {len(found):,} subjects of {source} are more than {MOST_SUBJECTS:,}")
        return found

    def _tickers(self, section: Tickers) -> tuple[str, ...]:
        return (*self.tickers, *self.unlisted_tickers) if section.tickers is None else section.tickers


def read_follow(path: Path, listed: Iterable[str]) -> Follow:
    """The file at ``path``; ``BadFollow`` names the field that is wrong and what to write instead.

    ``listed`` are the tickers that texts are matched with; another one must stand in ``unlisted_tickers``, so that a
    slip is not followed for a year.
    """
    try:
        follow = Follow.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise BadFollow(f"{path}: cannot be read ({error.strerror}); CROWDTAPE_FOLLOW sets the file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadFollow(f"{path.name}: {error}") from None
    except ValidationError as error:
        raise BadFollow("; ".join(f"{path.name}: {_said(one)}" for one in error.errors()[:5])) from None
    known = {*listed, *follow.unlisted_tickers}
    named = [follow.tickers, follow.stocktwits.tickers, follow.yfinance.tickers, follow.yfinance.minutes]
    named += [follow.alphavantage.tickers, follow.alphavantage.minutes]
    for ticker in dict.fromkeys(ticker for tickers in named for ticker in tickers or ()):
        if ticker not in known:
            near = difflib.get_close_matches(ticker, known, n=3)
            meant = f"did you mean {' or '.join(near)}? Else " if near else ""
            raise BadFollow(f"{path.name}: ticker {ticker} is not listed; {meant}add it to unlisted_tickers")
    return follow


def one_subject(source: str, query: str) -> Subject:
    """What ``make try`` is given, as a subject of the service: ``kind:name``, or a name of the service's first kind."""
    kind, _, name = query.partition(":")
    if kind not in KINDS[source]:
        kind, name = SERVICES[source].first_kind, query
    check = {**CHECKS, "daily": _pair, "minutes": _pair} if source == "ccxt" else CHECKS
    try:
        return Subject(kind, check[kind](name))
    except ValueError as error:
        raise BadFollow(f"{source}: {error}") from None


def _said(error: dict) -> str:
    """One of pydantic's errors for a person."""
    place = [str(part) for part in error["loc"]]
    if error["type"] == "tuple_type":
        return f"{'.'.join(place)}: write a list, in square brackets"
    if error["type"] != "extra_forbidden":
        return f"{'.'.join(place)}: {error['msg'].removeprefix('Value error, ')}"
    above = Follow if len(place) == 1 else Follow.model_fields[place[0]].annotation
    near = difflib.get_close_matches(place[-1], above.model_fields, n=1)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"{'.'.join(place)} is not known{meant or '.'} Known are {', '.join(above.model_fields)}"
