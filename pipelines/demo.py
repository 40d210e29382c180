"""``make demo``: the whole pipeline through Dagster on the bundled sample, in a home of its own.

Synthetic data never mixes with real: the sample's inbox, database and run history all live in ``CROWDTAPE_HOME``,
which must not be the default home. Not here: making the sample (``python -m warehouse.sample``).
"""

import os
import sys
import time
import uuid
from calendar import monthrange
from pathlib import Path

import dagster as dg

from pipelines.definitions import defs
from pipelines.report.summary import summary
from pipelines.report.tear_sheets import FOLDER, INDEX
from pipelines.schema import OtherSchema
from pipelines.settings import ROOT, BadSettings, read_settings
from pipelines.sql_files import sql_file
from pipelines.terminal import bar
from pipelines.warehouse import PUBLISHED, Warehouse


def keep_history_in(home: Path) -> None:
    """Point Dagster at a history inside ``home``, set up like the project's own."""
    config = (ROOT / "dagster.yaml").read_text(encoding="utf-8")
    (home / "dagster.yaml").write_text(config.replace(": .dagster", f": {home / '.dagster'}"), encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(home)


def days_of_sample(home: Path) -> tuple[str, str]:
    """First and last day of the months that the sample has texts of."""
    months = sorted(path.name.split(".")[0] for path in (home / "inbox" / "texts" / "sample").glob("*.ndjson.zst"))
    if not months:
        sys.exit(
            f"no sample in {home / 'inbox'}: run `python -m warehouse.sample {home / 'inbox'}`, as `make demo` does"
        )
    year, month = map(int, months[-1].split("-"))
    return f"{months[0]}-01", f"{months[-1]}-{monthrange(year, month)[1]:02d}"


def days_not_built(warehouse: Warehouse) -> list[tuple[str, str]]:
    """Ranges of days that raw has and core has not, as the check of that name finds them."""
    with warehouse.connect() as con:
        rows = con.execute(sql_file("checks/every_day_is_built")).fetchall()
    return [(first.isoformat(), last.isoformat()) for first, last, *_ in rows]


def drop_other_schema(warehouse: Warehouse) -> None:
    """Upgrade the demo's database where an older version made it; remove it where that cannot be.

    It holds the sample and nothing else.
    """
    if warehouse.database.exists():
        try:
            with warehouse.connect():
                pass
        except OtherSchema:
            warehouse.database.unlink()


def main() -> None:
    """Run the job over the days of the sample that are not built yet, or the last one, and say what was found."""
    began = time.monotonic()
    try:
        home = read_settings().home
    except BadSettings as error:
        sys.exit(str(error))
    if home == ROOT / "warehouse":
        sys.exit("the demo keeps its data apart: set CROWDTAPE_HOME, as `make demo` does (warehouse/demo)")
    keep_history_in(home)
    first, last = days_of_sample(home)
    warehouse = Warehouse(home=str(home))
    drop_other_schema(warehouse)
    is_new = not warehouse.database.exists()
    run(first if is_new else last, last)
    for days in days_not_built(warehouse):  # the sample or a scorer has changed since
        run(*days)
    shown = home.relative_to(ROOT) if home.is_relative_to(ROOT) else home
    print(f"{summary(warehouse.published)}\n")
    print(f"database  {shown / PUBLISHED}   (synthetic: warehouse/sample/README.md says what was planted)")
    print(f"to look   {shown / FOLDER / INDEX}   (open it in a browser)")
    print(f"the UI    make demo-ui\nSQL       make sql DB={shown / PUBLISHED}")
    print(f"took      {time.monotonic() - began:.0f} s" + ("" if is_new else "; the days were built before"))


def run(first: str, last: str) -> None:
    """Run the job ``daily`` over the days; a bar says where it is. Exits with the reason when it fails."""
    job = defs().resolve_job_def("daily")
    run_id = str(uuid.uuid4())
    at = {"step": "preparing", "line": ""}

    def follow(event: dg.EventLogEntry) -> None:
        happened = event.dagster_event
        if happened is None:
            at["line"] = event.user_message
        elif happened.is_step_start:
            at.update(step=event.step_key, line="")
        elif happened.partition:
            at["line"] = happened.partition  # Dagster writes down each day by itself
        elif happened.is_step_success or happened.is_step_failure:
            steps.update()

    with (
        dg.DagsterInstance.get() as instance,
        bar(len(job.nodes), "steps", lambda: " ".join(at.values()).replace("__", "/")) as steps,
    ):
        instance.add_event_listener(run_id, follow)
        result = job.execute_in_process(
            instance=instance,
            run_id=run_id,
            tags={"dagster/asset_partition_range_start": first, "dagster/asset_partition_range_end": last},
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            raise_on_error=False,
        )
    if not result.success:
        why = "\n".join(f"{event.step_key}: {event.message}" for event in result.all_events if event.is_step_failure)
        sys.exit(f"the run failed\n{why}\n`make demo-ui` shows it whole")


if __name__ == "__main__":
    main()
