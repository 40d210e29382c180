"""STEP 5. Evidence: signal quality, lead and lag, Granger; and the placebo that must come out empty.

Here: the assets and the check. Not here: events (``events.py``), any statistic
(``pipelines/evidence``).
"""

import dagster as dg

from pipelines.defs.metadata import built, declared
from pipelines.defs.resources import IN_ONE_RUN, Study
from pipelines.evidence.false_discovery import MAX_Q
from pipelines.evidence.granger import granger as granger_tests
from pipelines.evidence.lead_lag import lead_lag as lead_lag_profiles
from pipelines.evidence.placebo import SEED, placebo
from pipelines.evidence.read import all_panels, whole_panels
from pipelines.evidence.signal_quality import signal_quality as signal_qualities
from pipelines.tables import replace_tables
from pipelines.warehouse import Warehouse

MART = {"key_prefix": "mart", "group_name": "mart", "kinds": {"duckdb", "python"}, **IN_ONE_RUN}
SHOWN_ROWS = 20


@dg.asset(**MART, deps=[["mart", "ticker_days"], ["mart", "source_days"]], **declared("mart.signal_quality"))
def signal_quality(warehouse: Warehouse, study: Study) -> dg.MaterializeResult:
    """One row per scorer, source, universe, signal and horizon: does it order, or predict, the returns that follow?"""
    with warehouse.at_work() as (con, progress):
        replace_tables(con, {"mart.signal_quality": signal_qualities(all_panels(con, progress), study.cost_bps)})
        return built(con, "mart.signal_quality")


@dg.asset(**MART, deps=[["mart", "ticker_days"]], **declared("mart.lead_lag"))
def lead_lag(warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per scorer, universe and lag: sentiment beside the returns of five sessions before and after it."""
    with warehouse.at_work() as (con, progress):
        replace_tables(con, {"mart.lead_lag": lead_lag_profiles(whole_panels(con, progress))})
        return built(con, "mart.lead_lag")


@dg.asset(**MART, deps=[["mart", "ticker_days"]], **declared("mart.granger"))
def granger(warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per scorer, ticker and direction: does the past of the one add to the past of the other?"""
    with warehouse.at_work() as (con, progress):
        replace_tables(con, {"mart.granger": granger_tests(whole_panels(con, progress))})
        return built(con, "mart.granger")


@dg.asset_check(
    asset=["mart", "signal_quality"],
    description="The same tests on shuffled sentiment find nothing (q > 0.05). Yellow: something is wrong with the "
    "data or the method, or it is the one run in twenty that q = 0.05 allows.",
    pool=IN_ONE_RUN["pool"],
)
def shuffled_sentiment_finds_nothing(warehouse: Warehouse, study: Study) -> dg.AssetCheckResult:
    """The placebo: blocks of 20 sessions of sentiment change places, returns stay."""
    with warehouse.at_work() as (con, progress):
        found = placebo(all_panels(con, progress), SEED, study.cost_bps)
    least_q = found["q"].min()
    false = found[found["q"] <= MAX_Q]
    lines = [f"{row.scorer} {row.universe} {row.signal} {row.horizon}: {row.verdict}" for row in false.itertuples()]
    return dg.AssetCheckResult(
        passed=false.empty,
        severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "tests": int(found["q"].count()),
            "least q": float(least_q) if found["q"].count() else None,
            "found in noise": dg.MetadataValue.json(lines[:SHOWN_ROWS]),
        },
    )
