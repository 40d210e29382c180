"""Several files of one instrument as one series, on one basis; or why a file cannot be joined.

A file is of a vintage: what a vendor said on the day it was fetched, adjusted for the splits and dividends known
then. Two vintages tell the same returns and differ by one factor on all their common days (4 when a split of 4:1 came
between them). Where that factor is not constant the two are not the same thing (another instrument, dividends taken
off in one of them only), and where there are too few common days nobody can know: the file is then kept out.

Here: the factor of each file, or the reason. Not here: which bars are wrong in themselves (``repairs.py``), which
file's bar is used on a day (``bars.py``).
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

LEAST_DAYS = 5  # common days that show a factor
TOLERANCE = 0.005  # of a price: two vendors round, and differ on a close now and then
STRAYS = 0.01  # share of the common days on which they may differ by more
DRIFT = 0.001  # between the earlier and the later common days: a dividend or two is more
JUMP = np.log(1.2)  # of the factor from one common day to the next: a split that one of them has not taken off
SPLITS = np.log([1.5, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30, 40, 50, 100])
SPLIT_MISS = 0.01
NEXT_DAY = 10  # calendar days within which one file of a vendor goes on where another ends
FAR_SHORTER = 2  # an adjusted file this many times shorter than the longest is not what a series is built on


@dataclass
class PriceFile:
    """The bars of one instrument in one file: days (since 1970, rising), the price that returns are made of.

    ``close`` is the vendor's price without dividends taken off. ``factors`` (one per bar) lead to the basis of the
    series; NaN where the bar is kept out.
    """

    path: str
    vendor: str
    ticker: str
    days: NDArray[np.int64]
    price: NDArray[np.float64]
    close: NDArray[np.float64]
    is_adjusted: bool
    is_before_its_symbol: bool = False  # all of it lies before the days on which the symbol is this instrument's
    has_missed_split: bool = False
    factors: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    common_days: int = 0
    status: str = "used"
    reason: str | None = None


def join_vintages(files: list[PriceFile]) -> None:
    """Give each file its ``factors``, ``status`` (used, spare or refused), ``common_days`` and ``reason``.

    The order of ``files`` means nothing. The series is built on a file of the instrument's own symbol, adjusted (unless
    it is far shorter than another), without missed splits, with most days; of equal ones the newest. The others join
    it where their common days show one factor, or one per stretch between splits; a file may be joined through another
    one. Files of one vendor that follow each other without a common day are one. In the end all is on the basis of the
    newest file.
    """
    chains = sorted(_chains(files), key=_rank)
    longest = max(len(chain.days) for chain in chains)
    base = min(chains, key=lambda chain: _is_last_choice(chain, longest))
    base.factors = np.ones(len(base.days))
    placed, waiting = [base], [chain for chain in chains if chain is not base]
    days, price = base.days, base.price
    is_moving = True
    while is_moving and waiting:
        is_moving = False
        for chain in list(waiting):
            if _joins(chain, placed, days, price):
                waiting.remove(chain)
                placed.append(chain)
                days, price = _union(days, price, chain.days, chain.price * chain.factors)
                is_moving = True
    for chain in waiting:
        _keep_out(chain, base, days)
    newest = max(placed, key=lambda chain: chain.days[-1])  # the first of equals is the better one
    scale = newest.factors[np.isfinite(newest.factors)][-1]
    for chain in chains:
        factors = chain.factors / scale
        for file in chain.files:
            file.factors = file.factors * factors[np.searchsorted(chain.days, file.days)]
            file.common_days, file.status, file.reason = chain.common_days, chain.status, chain.reason


@dataclass
class _Chain(PriceFile):
    files: list[PriceFile] = field(default_factory=list)


def _chains(files: list[PriceFile]) -> list[_Chain]:
    """Files of one vendor that go on where another ends, as one: a file a year, a file a day."""
    runs: list[list[PriceFile]] = []
    for file in sorted(files, key=lambda f: (f.vendor, f.is_adjusted, f.days[0], f.days[-1], f.path, f.ticker)):
        last = runs[-1][-1] if runs else None
        if (
            last
            and (last.vendor, last.is_adjusted) == (file.vendor, file.is_adjusted)
            and 0 < file.days[0] - last.days[-1] <= NEXT_DAY
        ):
            runs[-1].append(file)
        else:
            runs.append([file])
    for run in runs:
        _seam(run)
    return [
        _Chain(
            path=run[-1].path,
            vendor=run[0].vendor,
            ticker=run[-1].ticker,
            days=np.concatenate([file.days for file in run]),
            price=np.concatenate([file.price * file.factors for file in run]),
            close=np.concatenate([file.close for file in run]),
            is_adjusted=run[0].is_adjusted,
            is_before_its_symbol=all(file.is_before_its_symbol for file in run),
            has_missed_split=any(file.has_missed_split for file in run),
            files=run,
        )
        for run in runs
    ]


def _seam(run: list[PriceFile]) -> None:
    """Set factors such that what is taken off for dividends is the same on both sides of each seam of ``run``.

    Each file has taken off only the dividends that were known when it was fetched.
    """
    factor = 1.0
    for file, following in zip(run[::-1], [None, *run[:0:-1]], strict=True):
        if following:
            factor *= (following.price[0] / following.close[0]) / (file.price[-1] / file.close[-1])
        file.factors = np.full(len(file.days), factor)


def _rank(chain: PriceFile) -> tuple:
    return (
        chain.is_before_its_symbol,
        not chain.is_adjusted,
        chain.has_missed_split,
        -len(chain.days),
        -chain.days[-1],
        chain.path,
        chain.vendor,
        chain.ticker,
    )


def _is_last_choice(chain: PriceFile, longest: int) -> tuple:
    return chain.is_before_its_symbol, len(chain.days) * FAR_SHORTER < longest, *_rank(chain)


def _joins(chain: _Chain, placed: list[_Chain], days: NDArray, price: NDArray) -> bool:
    """Whether the series so far shows the factor of ``chain``; sets it, or the reason why not."""
    common, mine, theirs = np.intersect1d(chain.days, days, assume_unique=True, return_indices=True)
    chain.common_days = len(common)
    ratios = np.log(price[theirs] / chain.price[mine])
    if len(common) < LEAST_DAYS:
        is_same = any(chain.vendor == other.vendor and chain.is_adjusted == other.is_adjusted for other in placed)
        if is_same and len(common) and np.abs(ratios).max() < TOLERANCE:
            chain.factors, chain.reason = np.ones(len(chain.days)), None
            return True
        count = f"{len(common)} common day{'s' if len(common) != 1 else ''}"
        chain.reason = f"{count} with {placed[0].path}: too few to know its basis ({LEAST_DAYS} needed)"
        return False
    starts, levels, trouble = _stretches(ratios)
    if trouble:
        chain.reason = f"on {len(common)} common days with {placed[0].path} {trouble}"
        return False
    first_days = common[starts]
    stretch = np.maximum(np.searchsorted(first_days, chain.days, side="right") - 1, 0)
    chain.factors = np.exp(levels[stretch])
    # Between the last common day of one stretch and the first of the next nobody knows where the split was.
    last_days = common[np.r_[starts[1:] - 1, len(common) - 1]]
    chain.factors[(chain.days > last_days[stretch]) & (stretch < len(starts) - 1)] = np.nan
    chain.reason = _doubt(chain, placed, common)
    return True


def _stretches(ratios: NDArray) -> tuple[NDArray, NDArray, str | None]:
    """Starts and levels (logs) of the stretches on which ``ratios`` (logs) are constant; or what is not."""
    starts = np.r_[0, np.flatnonzero(np.abs(np.diff(ratios)) > JUMP) + 1]
    parts = np.split(ratios, starts[1:])
    levels = np.array([np.median(part) for part in parts])
    factors = f"{np.exp(ratios.min()):.6g} to {np.exp(ratios.max()):.6g}"
    if len(parts) > 1:
        steps = np.abs(np.diff(levels))
        are_splits = (np.abs(steps[:, None] - SPLITS) < SPLIT_MISS).any(axis=1).all()
        if min(len(part) for part in parts) < LEAST_DAYS or not are_splits:
            return starts, levels, f"the factor is not constant ({factors})"
    strays = sum(int((np.abs(part - level) > TOLERANCE).sum()) for part, level in zip(parts, levels, strict=True))
    if strays > STRAYS * len(ratios):
        return starts, levels, f"the factor is not constant ({factors})"
    for part in parts:
        half = len(part) // 2
        if half >= LEAST_DAYS and np.abs(np.median(part[:half]) - np.median(part[half:])) > DRIFT:
            return starts, levels, f"the factor drifts ({factors}), as when one of the two lacks dividends"
    return starts, levels, None


def _doubt(chain: _Chain, placed: list[_Chain], common: NDArray) -> str | None:
    """What is not known where only one of two files has adjusted closes, and dividends were paid."""
    base = placed[0]
    if chain.is_adjusted == base.is_adjusted:
        return None
    adjusted = base if base.is_adjusted else chain
    taken_off = adjusted.price / adjusted.close
    is_common = np.isin(adjusted.days, common)
    if np.ptp(taken_off) < DRIFT or (is_common.any() and np.ptp(taken_off[is_common]) >= DRIFT):
        return None
    unadjusted = chain if base.is_adjusted else base
    return f"no dividend falls on the {len(common)} common days with {base.path}: {unadjusted.path} may lack dividends"


def _keep_out(chain: _Chain, base: _Chain, days: NDArray) -> None:
    """Refused; or spare, where its closes agree but for dividends and no day is lost."""
    chain.factors = np.full(len(chain.days), np.nan)
    chain.status = "refused"
    if chain.is_adjusted == base.is_adjusted:
        return
    _, mine, theirs = np.intersect1d(chain.days, base.days, assume_unique=True, return_indices=True)
    if len(mine) >= LEAST_DAYS and not _stretches(np.log(base.close[theirs] / chain.close[mine]))[2]:
        chain.reason = f"agrees with {base.path}, but only one of the two has dividends taken off"
        chain.status = "spare" if np.isin(chain.days, days).all() else "refused"


def _union(days: NDArray, price: NDArray, more_days: NDArray, more_price: NDArray) -> tuple[NDArray, NDArray]:
    """The series with the days that only ``more_days`` has."""
    new = ~np.isin(more_days, days) & np.isfinite(more_price)
    order = np.argsort(all_days := np.r_[days, more_days[new]])
    return all_days[order], np.r_[price, more_price[new]][order]
