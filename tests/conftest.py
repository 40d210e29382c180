"""Fixtures shared by the tests: an empty home, a way to run the job over it, and the whole sample, built once."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin
from hypothesis import settings

from pipelines.definitions import defs
from pipelines.defs.live import Landing, Live
from pipelines.defs.resources import Inbox, Reports, Study
from pipelines.warehouse import Warehouse

settings.register_profile("ci", deadline=None, max_examples=60, derandomize=True)
settings.register_profile("nightly", deadline=None, max_examples=20_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# Files of few tests that take minutes: started last, one process would still be at them when the others are through.
LONGEST = (
    *(
        "test_run_faults.py",
        "test_sample_through_the_job.py",
        "test_daily_job.py",
        "test_ui.py",
        "test_killed_fetches.py",
    ),
    *("test_marts_in_parts.py", "test_readers.py", "test_no_look_ahead.py", "test_evidence_through_the_job.py"),
    *("test_real_data.py", "test_checks.py", "test_forget.py", "test_tear_sheets.py", "test_live_run.py"),
)

SAVED = datetime(2026, 5, 30, 12, 0, tzinfo=UTC)  # when the files that tests drop were saved
SHARED = Path(__file__).parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, the others in the random order that they have."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(LONGEST)))


@pytest.fixture
def shared() -> Path:
    """Real data that is not part of the project; CI has it."""
    if not SHARED.is_dir():
        pytest.skip("real data (../shared/data) is not here")
    return SHARED


@cache
def job_named(name: str, with_report: bool = True) -> dg.JobDefinition:
    """A job as Dagster loads it; without the pages to look at, which few tests do and each run would pay for."""
    job = defs().resolve_job_def(name)
    if with_report:
        return job
    keys = {key for key in job.asset_layer.selected_asset_keys if key.path[0] != "report"}
    return job.get_subset(asset_selection=keys)


class Home:
    """One environment in a folder: drop rows or files into its inbox, run days, ask SQL.

    Its ``job`` is `daily`, or `hourly`: the same but for the evidence, a quarter of a small run's time. The steps of
    ``report`` are left out unless asked for.
    """

    def __init__(
        self, folder: Path, study: Study | None = None, job: str = "daily", *, report: bool = False, **inbox: Any
    ) -> None:
        self.folder = folder
        self.job = job
        self.report = report
        self.inbox = folder / "inbox"
        self.warehouse = Warehouse(home=str(folder), lock_wait_seconds=0)
        self._study = study or Study()
        self._live = Live(follow=str(folder / "crowdtape.toml"))
        self._inbox_settings = inbox

    def drop(self, name: str, content: str | bytes | list[dict[str, Any]]) -> Path:
        """Write one file of the inbox, e.g. ``texts/a.ndjson``; rows become lines of JSON."""
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, list):
            content = "".join(json.dumps(row) + "\n" for row in content)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        os.utime(path, (SAVED.timestamp(), SAVED.timestamp()))
        return path

    def run(
        self,
        first: str,
        last: str | None = None,
        *,
        raise_on_error: bool = True,
        instance: dg.DagsterInstance | None = None,
    ) -> dg.ExecuteInProcessResult:
        """Run the job over the days, in this process, with a history of its own or that of ``instance``.

        The file is held open meanwhile: the steps then share what DuckDB has read, and a run takes two thirds of the time.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with duckdb.connect(self.warehouse.database, config=self.warehouse.options):
            return self.run_by_step(first, last, raise_on_error=raise_on_error, instance=instance)

    def run_by_step(
        self,
        first: str,
        last: str | None = None,
        *,
        raise_on_error: bool = True,
        instance: dg.DagsterInstance | None = None,
    ) -> dg.ExecuteInProcessResult:
        """The same, each step opening the file itself as in ``dg launch``, and with a history that is given."""
        return job_named(self.job, self.report).execute_in_process(
            instance=instance,
            resources={
                "warehouse": self.warehouse,
                "inbox": Inbox(folder=str(self.inbox), **self._inbox_settings),
                "live": self._live,
                "landing": Landing(),
                **({"reports": Reports()} if self.report else {}),
                "study": self._study,
            },
            tags={
                "dagster/asset_partition_range_start": first,
                "dagster/asset_partition_range_end": last or first,
            },
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
            raise_on_error=raise_on_error,
        )

    def ask(self, query: str, params: Any = None) -> list[tuple]:
        """Rows of a query on the written file."""
        with self.warehouse.connect() as con:
            return con.execute(query, params).fetchall()

    def tables(self, *schemas: str) -> dict[str, list[tuple]]:
        """Ordered content of every table of the schemas, those of the wall clock left out."""
        with self.warehouse.connect() as con:
            names = con.execute(
                """select schema_name || '.' || table_name from duckdb_tables()
                where list_contains(?, schema_name) and table_name not in ('schema_versions', 'files', 'author_salts') order by all""",
                [list(schemas)],
            ).fetchall()
            return {name: con.execute(f"select * from {name} order by all").fetchall() for (name,) in names}


@pytest.fixture
def home(tmp_path: Path, request: pytest.FixtureRequest) -> Home:
    """An empty environment; a file of tests that looks at no evidence says ``JOB = "hourly"``."""
    return Home(tmp_path / "home", job=getattr(request.module, "JOB", "daily"))


@pytest.fixture
def make_home(tmp_path: Path) -> Callable[..., Home]:
    """As many empty environments as a test compares."""
    return lambda name, **settings: Home(tmp_path / name, **settings)


def post(id: str, published_at: str, body: str, **fields: Any) -> dict[str, Any]:
    """A row in our own shape."""
    return {
        "id": id,
        "source": "test",
        "published_at": published_at,
        "body": body,
        "author": f"a{id}",
        **fields,
    }


def at(text: str) -> datetime:
    """A UTC moment."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def checks_of(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    """Check results of a run by name."""
    return {one.check_name: one for one in result.get_asset_check_evaluations()}


def read(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    """All rows."""
    return con.execute(query).fetchall()


def queue(instance: dg.DagsterInstance, job: str) -> None:
    """Put a run of a job into the queue, in which nothing takes it up."""
    place = RemoteJobOrigin(RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("here"), "repository"), job)
    instance.create_run_for_job(
        dg.job(name=job)(lambda: None), status=dg.DagsterRunStatus.QUEUED, remote_job_origin=place
    )
