"""STEP 6. The last step of each run: what it came to, in a few lines of Markdown.

Here: what Dagster's history knows of the run. Not here: the words (``pipelines/report/run_summary.py``).
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import msgspec

from pipelines.defs.resources import IN_ONE_RUN, days_named
from pipelines.report.run_summary import Failed, Run, Seen, look, parts, whole
from pipelines.report.tear_sheets import FOLDER, INDEX
from pipelines.warehouse import Warehouse

KEY = dg.AssetKey(["report", "run_summary"])
FOR_THE_NEXT = "for the next"
EVENTS = {
    *(dg.DagsterEventType.ASSET_CHECK_EVALUATION, dg.DagsterEventType.STEP_FAILURE),
    dg.DagsterEventType.STEP_SKIPPED,
}


@dg.asset(
    key=KEY,
    group_name="report",
    deps=[["report", "tear_sheets"]],
    kinds={"markdown"},
    backfill_policy=IN_ONE_RUN["backfill_policy"],
    op_tags={"dagster/priority": "-10"},  # after checks that are steps of their own
)
def run_summary(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """What each run came to: checks that are not green, new texts, what moved, verdicts that changed, the tear sheet.

    The newest stands below, those before it under Events; on a run's page it is the last step. Texts and verdicts are
    compared with the summary before; texts that went away meanwhile are taken off. What moved: the newest session of
    the tickers with the largest returns (beyond the benchmark's where there is one), the most unusual sentiment (of the
    scorer `finance`; n opinions) or the most texts; z is against the 20 sessions before.
    """
    run = what_happened(context)
    found = look(warehouse.published, run.days[1] if run.days else date.max)
    tear_sheet = (Path(warehouse.home) / FOLDER / INDEX).absolute()
    before = summary_before(context.instance, found.seen.file)
    told = parts(run, found, before, tear_sheet if tear_sheet.is_file() else None)
    context.log.info(whole(told))
    return dg.MaterializeResult(
        metadata={
            **{name: dg.MetadataValue.md(text) for name, text in told.items()},
            FOR_THE_NEXT: dg.MetadataValue.json(msgspec.to_builtins(found.seen)),
        }
    )


def what_happened(context: dg.AssetExecutionContext) -> Run:
    """The run so far, from its events: those of checks within steps, and of checks that are steps."""
    events = [one.dagster_event for one in context.instance.all_logs(context.run.run_id, of_type=EVENTS)]
    checks = [one.event_specific_data for one in events if one.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION]
    specs = context.job_def.asset_layer.asset_graph
    left_out = [one.step_key for one in events if one.event_type is not dg.DagsterEventType.ASSET_CHECK_EVALUATION]
    return Run(
        days=days_named(context),
        check_count=len(checks),
        failed=[
            failed(one, specs.get_check_spec(one.asset_check_key).description or "") for one in checks if not one.passed
        ],
        left_out=sorted(set(left_out)),
    )


def failed(check: dg.AssetCheckEvaluation, rule: str) -> Failed:
    """A check that is not green, with the first thing that it found."""
    return Failed(
        name=check.check_name,
        table=".".join(check.asset_key.path),
        is_red=check.severity is dg.AssetCheckSeverity.ERROR,
        rule=rule,
        found=" ".join(filter(None, [check.description, next(examples(check), None)])),
    )


def examples(check: dg.AssetCheckEvaluation) -> Iterable[str]:
    """What a check found, as its metadata tell it: broken rows, or files with what is wrong with each."""
    for name, value in check.metadata.items():
        match value:
            case dg.JsonMetadataValue(data=[first, *_]):
                yield str(first)
            case dg.TextMetadataValue(text=words) if words:
                yield f"{name}: {words}"


def summary_before(instance: dg.DagsterInstance, file: str) -> tuple[datetime, Seen] | None:
    """When the summary before was made, and what it left; None where there is none, or it was of another file."""
    event = instance.get_latest_materialization_event(KEY)
    if event is None or event.asset_materialization is None:
        return None
    left = event.asset_materialization.metadata.get(FOR_THE_NEXT)
    try:
        seen = msgspec.convert(left and left.value, Seen)
    except msgspec.ValidationError:  # another version of Crowdtape made it
        return None
    return (datetime.fromtimestamp(event.timestamp, UTC), seen) if seen.file == file else None
