"""Forward returns, information coefficients, spreads and turnover equal those of alphalens-reloaded.

Alphalens returns run from one price of a list to a later one. On a list of opens and closes in turn, close(s + h) /
open(s + 1) − 1 is its return over 2h − 1 prices from the open of s + 1 on, where the signal of s is known.
"""

import alphalens
import numpy as np
import pandas as pd
import pytest

from pipelines.evidence.information_coefficient import by_row, information_coefficients
from pipelines.evidence.panel import HORIZONS
from pipelines.evidence.quantiles import quantile_spreads
from warehouse.sample.market import simulate
from warehouse.sample.panels import forward_return

pytestmark = [
    pytest.mark.filterwarnings("ignore:DatetimeIndex.dayofweek is deprecated:pandas.errors.Pandas4Warning"),
    pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame:pandas.errors.Pandas4Warning"),
]


def clean(signal: pd.DataFrame, prices: pd.DataFrame, periods: list[int], **bins: int | None) -> pd.DataFrame:
    """Alphalens' table: one column per period in rising order, ``factor``, ``factor_quantile``."""
    factor = signal.stack().rename_axis(["date", "asset"])
    return alphalens.utils.get_clean_factor_and_forward_returns(factor, prices, periods=periods, max_loss=1.0, **bins)


def test_forward_returns_and_coefficients_from_open_to_close_are_those_of_alphalens():
    tapes = [tape for tape in simulate(1).tapes.values() if tape.instrument.calendar == "XNYS"]
    names = [tape.instrument.ticker for tape in tapes]
    days = pd.DatetimeIndex(tapes[0].days)
    levels = np.column_stack([np.cumprod(1 + tape.return_1d) for tape in tapes])
    closes = pd.DataFrame(levels, days + pd.Timedelta("16h"), names)
    opens = pd.DataFrame(
        levels / (1 + np.column_stack([tape.open_to_close for tape in tapes])), days + pd.Timedelta("9h30min"), names
    )
    mood = np.column_stack([tape.mood for tape in tapes])
    mood[np.random.default_rng(1).random(mood.shape) < 0.1] = np.nan
    known = pd.DataFrame(mood[:-1], opens.index[1:], names)  # mood of s, at the open of s + 1
    periods = [2 * horizon - 1 for horizon in HORIZONS]
    theirs = clean(known, pd.concat([opens, closes]).sort_index(), periods, quantiles=None, bins=1)
    returns = theirs.columns[: len(HORIZONS)]
    coefficients = alphalens.performance.factor_information_coefficient(theirs)
    for horizon, label in zip(HORIZONS, returns, strict=True):
        ahead = np.column_stack([forward_return(tape, horizon) for tape in tapes])
        expected = theirs[label].unstack().reindex(index=opens.index[1:], columns=names).to_numpy()
        both = np.isfinite(expected)
        assert both.sum() > 1_700
        np.testing.assert_allclose(ahead[:-1][both], expected[both], atol=1e-9)
        ours = information_coefficients(by_row(mood), by_row(ahead)).spearman[:-1]
        listed = coefficients[label].reindex(opens.index[1:]).to_numpy()
        compared = np.isfinite(listed) & np.isfinite(ours)
        assert compared.sum() > 240
        np.testing.assert_allclose(ours[compared], listed[compared], atol=1e-9)


def test_spread_and_turnover_of_the_outer_fifths_are_those_of_alphalens():
    rng = np.random.default_rng(2)
    days = pd.bdate_range("2024-01-01", periods=80)
    prices = pd.DataFrame(100 * np.exp(np.cumsum(0.02 * rng.standard_normal((80, 50)), axis=0)), days, range(50))
    signal = pd.DataFrame(rng.standard_normal((80, 50)), days, range(50))
    theirs = clean(signal, prices, [1], quantiles=5)
    by_quantile = alphalens.performance.mean_return_by_quantile(theirs, by_date=True, demeaned=False)[0]["1D"].unstack(
        0
    )
    ahead = prices.shift(-1).to_numpy() / prices.to_numpy() - 1
    ours = quantile_spreads(by_row(signal.to_numpy()), ahead, 1)
    np.testing.assert_allclose(ours.spread[:-1], by_quantile[5] - by_quantile[1], atol=1e-9)
    quantile = theirs["factor_quantile"]
    turnover = [alphalens.performance.quantile_turnover(quantile, number, 1).to_numpy() for number in (1, 5)]
    np.testing.assert_allclose(ours.renewed[1:-1], np.mean(turnover, axis=0)[1:], atol=1e-9)
