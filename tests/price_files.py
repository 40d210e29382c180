"""What the tests of price files share: files of an inbox through the steps of the job that read prices, and no others."""

import warnings

import dagster as dg

from tests.conftest import Home, checks_of

with warnings.catch_warnings():  # Dagster says of its own options that they are beta
    warnings.simplefilter("ignore", dg.BetaWarning)
    from pipelines.defs.ingest import take_in
    from pipelines.defs.live import Landing, Live
    from pipelines.defs.market import bars, instruments, returns, sessions
    from pipelines.defs.resources import Inbox, Study

STEPS = [take_in, instruments, sessions, bars, returns]


def run_market(home: Home) -> dict[str, dg.AssetCheckEvaluation]:
    """Take in the files of ``home`` and build the tables of the market; the checks by name."""
    result = dg.materialize(
        STEPS,
        resources={
            "warehouse": home.warehouse,
            "inbox": Inbox(folder=str(home.inbox)),
            "live": Live(follow=""),
            "landing": Landing(),
            "study": Study(),
        },
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
    )
    return checks_of(result)
