"""q-values equal statsmodels' and scipy's on what was tested; the verdict says it in words."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control
from statsmodels.stats.multitest import multipletests

from pipelines.evidence.false_discovery import judged, q_values, verdict


def test_q_values_are_those_of_statsmodels_and_scipy():
    p = np.random.default_rng(1).random(200) ** 3
    bh, by, size = q_values(p)
    np.testing.assert_allclose(bh, multipletests(p, method="fdr_bh")[1], rtol=1e-12)
    np.testing.assert_allclose(by, multipletests(p, method="fdr_by")[1], rtol=1e-12)
    np.testing.assert_array_equal(bh, false_discovery_control(p))
    assert size == 200


def test_what_was_not_tested_does_not_count_and_comes_back_missing():
    p = np.array([0.01, np.nan, 0.04, 0.03, np.nan])
    bh, by, size = q_values(p)
    np.testing.assert_allclose(bh, [0.03, np.nan, 0.04, 0.04, np.nan])
    np.testing.assert_allclose(by[[0, 2, 3]], np.array([0.03, 0.04, 0.04]) * (1 + 1 / 2 + 1 / 3))
    assert size == 3
    with warnings.catch_warnings(action="ignore"):
        assert not np.allclose(multipletests(p, method="fdr_bh")[1][[0, 2, 3]], bh[[0, 2, 3]])  # why NaN goes first


def test_a_family_of_nothing_is_empty():
    for p in (np.array([]), np.full(3, np.nan)):
        bh, by, size = q_values(p)
        assert np.isnan(bh).all() and np.isnan(by).all() and len(bh) == len(p) and size == 0


@pytest.mark.parametrize("p", [-0.01, 1.01, np.inf])
def test_a_p_outside_0_and_1_is_refused(p: float):
    with pytest.raises(ValueError, match=r"outside \[0, 1\]"):
        q_values(np.array([0.5, p]))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((0.41, 251, 3.0), "no evidence (q = 0.41, n = 251)"),
        ((0.003, 251, 3.0), "evidence: higher sentiment, higher return (q = 0.003, n = 251)"),
        ((0.003, 251, -3.0), "evidence: higher sentiment, lower return (q = 0.003, n = 251)"),
        ((1e-9, 251, 3.0), "evidence: higher sentiment, higher return (q < 0.001, n = 251)"),
        ((0.0512, 251, 3.0), "no evidence (q = 0.051, n = 251)"),
        ((0.003, 251, 3.0, "signal is constant"), "not tested: signal is constant"),
        ((np.nan, 251, 3.0), "not tested: no p-value"),
        (
            (0.02, 60, -1.0, None, "volume z", "volatility"),
            "evidence: higher volume z, lower volatility (q = 0.020, n = 60)",
        ),
    ],
)
def test_the_verdict_is_plain(given: tuple, said: str):
    assert verdict(*given) == said


def test_a_table_is_judged_as_one_family():
    table = pd.DataFrame(
        {
            "p": [0.001, 0.5, 0.0001, np.nan],
            "effect": [1.0, 1.0, -2.0, np.nan],
            "n": [250, 250, 20, 0],
            "reason": [None, None, "too few sessions (20 < 30)", "all returns are missing"],
            "cause": "sentiment",
        },
        index=[7, 3, 5, 1],
    )
    found = judged(table)
    np.testing.assert_allclose(found["q"], [0.002, 0.5, np.nan, np.nan])
    np.testing.assert_allclose(found["q_by"], [0.003, 0.75, np.nan, np.nan])
    assert found["family_size"].tolist() == [2, 2, 2, 2]
    assert found["verdict"].tolist() == [
        "evidence: higher sentiment, higher return (q = 0.002, n = 250)",
        "no evidence (q = 0.50, n = 250)",
        "not tested: too few sessions (20 < 30)",
        "not tested: all returns are missing",
    ]
    assert "q" not in table.columns


def test_an_empty_table_is_judged():
    empty = pd.DataFrame({"p": [], "effect": [], "n": [], "reason": [], "cause": []})
    assert judged(empty).empty
