"""The market behind the sample: moods, returns, and the effect planted between them. Numbers only.

Here: ``simulate``, quick enough for hundreds of seeds, and ``expected_slope``, what a study must find.
Not here: the words (``voices``), who says them and when (``crowd``), files (``files``).

Time order, per ticker and session s; nothing looks ahead:

    night(s) = PERSISTENCE · mood(s−1) + fresh noise          the mood from the last close to this open
    mood(s)  = night(s) + FOLLOWS_GAP · z(gap) + FOLLOWS_DAY · z(intraday surprise)    the mood at the close
    open-to-close return(s) = surprise(s) + planted(s)
    planted(s) = b · mood(s−1) + b/3 · mood(s−2) on planted tickers, else 0
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from math import sqrt
from typing import NamedTuple

import exchange_calendars
import numpy as np
import pandas as pd

from warehouse.sample import SEED
from warehouse.sample.dice import generator

SESSIONS = 272  # XNYS sessions, 2024-07-01 … 2025-07-31
LAST_DAY = pd.Timestamp("2025-07-31")

EFFECT_BPS = 60.0  # b: planted in the next session's open-to-close return, per 1 sd of mood
SECOND_DAY_SHARE = 1 / 3  # of b, planted one session later
PERSISTENCE = 0.4  # lag-1 autocorrelation of mood
FOLLOWS_GAP, FOLLOWS_DAY = 0.4, 0.5  # sd of mood per 1 sd of the overnight and of the intraday surprise
FRESH = sqrt(1 - PERSISTENCE**2 - FOLLOWS_GAP**2 - FOLLOWS_DAY**2)  # what keeps the variance of mood at 1

STEPS = 13  # the intraday path is known to the crowd in steps: half-hours of a full XNYS session
GAP_SHARE = 0.3  # of an equity's daily variance, overnight
TAIL = 5.0  # degrees of freedom of the daily shocks
MARKET_VOLATILITY, SECTOR_VOLATILITY = 0.008, 0.009  # daily sd, fractions


@dataclass(frozen=True)
class Instrument:
    """One ticker of the simulated market: a real symbol, invented figures."""

    ticker: str
    name: str
    first_price: float  # USD
    own_volatility: float  # daily sd, fraction
    chatter: float  # posts per session, about; their comments come on top
    volume: float  # shares per session, about
    is_planted: bool = False
    market_beta: float = 1.0
    sector_beta: float = 0.0
    dividend_yield: float = 0.0  # per quarter, fraction of the price
    split_ratio: int = 1  # at the middle session
    has_halt: bool = False  # one session without a bar
    calendar: str = "XNYS"
    is_company: bool = True  # has quarters, margins and a management to talk about


INSTRUMENTS = (
    Instrument("MU", "Micron", 94.0, 0.016, 6.0, 2.1e7, True, 1.2, 1.0, dividend_yield=0.0012),
    Instrument("NVDA", "Nvidia", 1184.0, 0.015, 7.5, 4.2e7, True, 1.4, 1.0, split_ratio=10),
    Instrument("AMD", "AMD", 148.0, 0.016, 4.5, 4.8e7, False, 1.3, 1.0),
    Instrument("INTC", "Intel", 31.0, 0.017, 4.0, 6.1e7, False, 1.0, 0.8, dividend_yield=0.004),
    Instrument("AAPL", "Apple", 212.0, 0.010, 5.0, 5.5e7, False, 1.1, 0.0, dividend_yield=0.0012),
    Instrument("GME", "GameStop", 24.0, 0.028, 7.0, 9.0e6, True, 0.9, 0.0, has_halt=True),
    Instrument("SOXX", "iShares Semiconductor", 246.0, 0.003, 1.0, 3.4e6, False, 1.25, 1.0, is_company=False),
    Instrument("SPY", "S&P 500 ETF", 545.0, 0.001, 4.0, 6.6e7, False, 1.0, 0.0, 0.003, is_company=False),
    Instrument("BTC", "Bitcoin", 63_000.0, 0.024, 6.0, 2.6e4, True, 0.0, calendar="24/7", is_company=False),
)


Sight = tuple[float, float, float]  # mood, move, price


class Scene(NamedTuple):
    """One ticker as the crowd has it before its eyes at one instant, owing nothing to a later price."""

    instrument: Instrument
    mood: float
    move: float  # since the last close while the market is open, else over the last session; a fraction
    price: float  # USD, as traded
    is_open: bool


@dataclass(frozen=True)
class Tape:
    """One ticker over n sessions. Total returns, as fractions; instants are seconds since 1970, UTC."""

    instrument: Instrument
    days: np.ndarray  # (n,) datetime64[D]
    opens_at: np.ndarray  # (n,) int64
    closes_at: np.ndarray  # (n,) int64
    previous_close_at: int  # of the session before the first
    night_mood: np.ndarray  # (n,) from the last close up to this open
    mood_path: np.ndarray  # (n, STEPS + 1) from just after the open to the close
    gap: np.ndarray  # (n,) close to open
    day_path: np.ndarray  # (n, STEPS + 1) open to each step; the last is open to close
    planted: np.ndarray  # (n,) the part of the open-to-close return owed to earlier moods
    volume: np.ndarray  # (n,)

    @property
    def mood(self) -> np.ndarray:
        """(n,) mood at the close: the latent variable that the plant follows; mean 0, sd 1."""
        return self.mood_path[:, -1]

    @property
    def open_to_close(self) -> np.ndarray:
        """(n,) open-to-close return."""
        return self.day_path[:, -1]

    @property
    def return_1d(self) -> np.ndarray:
        """(n,) close-to-close return."""
        return (1 + self.gap) * (1 + self.open_to_close) - 1

    @property
    def halted(self) -> int | None:
        """Position of the session whose bar is missing."""
        return 2 * len(self.days) // 3 if self.instrument.has_halt else None

    @cached_property
    def bars(self) -> Mapping[str, np.ndarray]:
        """open, high, low, close as traded, adjusted_close, volume: (n,) each, the halted session too."""
        kept = self._kept_after_splits_and_dividends
        closes = self.instrument.first_price * np.cumprod(1 + self.return_1d) * kept
        opens = closes / (1 + self.open_to_close)
        path = np.round(opens[:, None] * (1 + self.day_path), 2)
        return {
            "open": path[:, 0],
            "high": path.max(axis=1),
            "low": path.min(axis=1),
            "close": path[:, -1],
            "adjusted_close": np.round(path[:, -1] * (kept[-1] / kept), 6),
            "volume": np.round(self.volume / kept),
        }

    @property
    def _kept_after_splits_and_dividends(self) -> np.ndarray:
        kept = np.ones(len(self.days))
        kept[len(kept) // 2] /= self.instrument.split_ratio
        ex_dividend = np.arange(len(kept)) % 63 == 41
        kept[ex_dividend] *= 1 - self.instrument.dividend_yield
        return np.cumprod(kept)

    def scene(self, instant: int) -> Scene:
        """What the crowd feels and sees at ``instant``, which lies in (previous close, last close]."""
        opens, closes, night, day = self._instants
        session = bisect_left(closes, instant)
        if instant <= opens[session]:
            return Scene(self.instrument, *night[session], is_open=False)
        step = STEPS * (instant - opens[session]) // (closes[session] - opens[session])
        return Scene(self.instrument, *day[session][step], is_open=True)

    @cached_property
    def _instants(self) -> tuple[list[int], list[int], list[Sight], list[list[Sight]]]:
        """Opens, closes, and what is seen in the night before each session and at each step of it."""
        bars = self.bars
        adjusted = bars["adjusted_close"]
        moves = np.concatenate([self.return_1d[:1], adjusted[1:] / adjusted[:-1] - 1])
        before = np.maximum(np.arange(len(self.days)) - 1, 0)
        night = np.stack([self.night_mood, moves[before], bars["close"][before]], axis=-1)
        move_path = (1 + self.gap)[:, None] * (1 + self.day_path) - 1
        price_path = bars["open"][:, None] * (1 + self.day_path)
        day = np.stack([self.mood_path, move_path, price_path], axis=-1)
        return self.opens_at.tolist(), self.closes_at.tolist(), night.tolist(), day.tolist()


@dataclass(frozen=True)
class Market:
    """Every ticker's tape, by ticker, and the effect planted in them."""

    seed: int
    effect_bps: float
    tapes: Mapping[str, Tape]


def simulate(seed: int = SEED, sessions: int = SESSIONS, effect_bps: float = EFFECT_BPS) -> Market:
    """A market of ``sessions`` XNYS sessions up to ``LAST_DAY``, with 24/7 tickers over the same days.

    ``effect_bps`` is b; 0 plants nothing and leaves moods and surprises as they were.
    """
    market, sector = (_shocks(generator(seed, stream), sessions) for stream in (1, 2))
    tapes = {
        each.ticker: _tape(each, generator(seed, 3, position), sessions, market, sector, effect_bps)
        for position, each in enumerate(INSTRUMENTS)
    }
    return Market(seed, effect_bps, tapes)


def expected_slope(effect_bps: float = EFFECT_BPS, horizon: int = 1) -> float:
    """Slope of ``forward_return_<horizon>d`` (bps) on mood where planted; open(s+1) to close(s+horizon)."""
    later = range(1, horizon + 1)
    first = sum(PERSISTENCE ** (step - 1) for step in later)
    second = sum(PERSISTENCE ** abs(step - 2) for step in later)
    return effect_bps * (first + SECOND_DAY_SHARE * second)


def _shocks(rng: np.random.Generator, sessions: int) -> tuple[np.ndarray, np.ndarray]:
    """Overnight (n,) and cumulated intraday (n, STEPS + 1) shocks, variance 1 by session, Student tails."""
    scale = np.sqrt((TAIL - 2) / rng.chisquare(TAIL, sessions))
    gap = rng.standard_normal(sessions) * scale
    steps = rng.standard_normal((sessions, STEPS)) * scale[:, None] / sqrt(STEPS)
    return gap, np.concatenate([np.zeros((sessions, 1)), np.cumsum(steps, axis=1)], axis=1)


def _tape(
    instrument: Instrument,
    rng: np.random.Generator,
    sessions: int,
    market: tuple[np.ndarray, np.ndarray],
    sector: tuple[np.ndarray, np.ndarray],
    effect_bps: float,
) -> Tape:
    days, opens_at, closes_at, previous_close_at = _schedule(instrument.calendar, sessions)
    own = _shocks(rng, len(days))
    loadings = (
        instrument.market_beta * MARKET_VOLATILITY,
        instrument.sector_beta * SECTOR_VOLATILITY,
        instrument.own_volatility,
    )
    # A calendar of its own shares no sessions with the factors, so only its own shocks move it.
    factors = [(load, shock) for load, shock in zip(loadings, (market, sector, own), strict=True) if load]
    gap, surprise = (sum(load * shock[part] for load, shock in factors) for part in (0, 1))
    volatility = sqrt(sum(load**2 for load, _ in factors))

    sleeps = instrument.calendar != "24/7"
    gap_z, surprise_z = gap / volatility * sleeps, surprise / volatility
    follows_day = FOLLOWS_DAY if sleeps else sqrt(FOLLOWS_GAP**2 + FOLLOWS_DAY**2)
    fresh = FRESH * rng.standard_normal(len(days))
    moved = FOLLOWS_GAP * gap_z[:, None] + follows_day * surprise_z
    mood = _persistent(fresh + moved[:, -1], start=rng.standard_normal())
    night_mood = PERSISTENCE * mood[:-1] + fresh

    busy = 0.3 * rng.standard_normal(len(days))

    planted = np.zeros(len(days))
    if instrument.is_planted:
        planted[1:] += effect_bps / 1e4 * mood[1:-1]
        planted[2:] += effect_bps / 1e4 * SECOND_DAY_SHARE * mood[1:-2]
    return Tape(
        instrument,
        days,
        opens_at,
        closes_at,
        previous_close_at,
        night_mood,
        mood_path=night_mood[:, None] + moved,
        gap=gap * sqrt(GAP_SHARE) * sleeps,
        day_path=surprise * sqrt(1 - GAP_SHARE * sleeps) + planted[:, None] * np.arange(STEPS + 1) / STEPS,
        planted=planted,
        volume=instrument.volume * np.exp(busy) * (1 + np.abs(surprise_z[:, -1])),
    )


def _persistent(impulses: np.ndarray, start: float) -> np.ndarray:
    """The mood before the first session, then after each impulse: (n + 1,)."""
    moods = [start]
    for impulse in impulses.tolist():
        moods.append(PERSISTENCE * moods[-1] + impulse)
    return np.array(moods)


@cache
def _schedule(calendar: str, sessions: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Days, opens and closes of the last sessions up to ``LAST_DAY``, and the close before them."""
    span = pd.Timedelta(days=20 + sessions * 8 // 5)  # 252 XNYS sessions fill 365 days
    exchange = exchange_calendars.get_calendar(calendar, start=LAST_DAY - span, end=LAST_DAY)
    if calendar != "XNYS":
        first = pd.Timestamp(_schedule("XNYS", sessions)[0][0])
        sessions = len(exchange.sessions_in_range(first, LAST_DAY))
    if len(exchange.sessions) <= sessions:
        raise ValueError(f"fewer than {sessions} {calendar} sessions before {LAST_DAY:%Y-%m-%d}")
    opens, closes = (
        (instants - pd.Timestamp("1970-01-01", tz="UTC")) // pd.Timedelta("1s")
        for instants in (exchange.opens, exchange.closes)
    )
    days = exchange.sessions.to_numpy().astype("datetime64[D]")
    return (
        days[-sessions:],
        opens.to_numpy()[-sessions:],
        closes.to_numpy()[-sessions:],
        int(closes.iloc[-sessions - 1]),
    )
