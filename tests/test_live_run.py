"""Live services through Dagster: assets, checks, landing, reading anew; and no secret in anything that a run wrote."""

import base64
import json
import os
import subprocess
import sys
import warnings
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import dagster as dg
import pytest
import zstandard

from pipelines.forget import forget
from pipelines.warehouse import Warehouse
from tests.conftest import checks_of
from tests.local_service import LocalService, Reply
from tests.plays import alphavantage_prices, bluesky, hackernews, reddit, stocktwits

with warnings.catch_warnings():  # Dagster says of its own options that they are beta
    warnings.simplefilter("ignore", dg.BetaWarning)
    from pipelines.defs.ingest import take_in
    from pipelines.defs.live import Landing, Live
    from pipelines.defs.resources import Inbox
    from pipelines.defs.sources import asked_of

DAY = hackernews.WINDOW.start.date().isoformat()


class Run:
    """A home in a folder whose landing and raw steps run through Dagster, with a history beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warehouse = Warehouse(home=str(folder / "home"), lock_wait_seconds=0)
        self.toml = folder / "crowdtape.toml"
        self.instance: dg.DagsterInstance | None = None  # which keeps no history

    def follow(self, **sections: dict) -> None:
        lines = []
        for name, fields in sections.items():
            lines += [
                f"[{name}]",
                "pause_seconds = 0",
                *(f"{key} = {json.dumps(value)}" for key, value in fields.items()),
            ]
        self.toml.write_text("\n".join(lines))

    def __call__(
        self, *sources: str, day: str = DAY, refetch: bool | None = None, **live: object
    ) -> dict[str, dg.AssetCheckEvaluation]:
        resources = {
            "warehouse": self.warehouse,
            "inbox": Inbox(folder=str(self.folder / "home" / "inbox")),
            "live": Live(follow=str(self.toml), first_wait_seconds=0.001, **live),
            "landing": Landing(refetch=refetch),
        }
        found = {}
        for step in (asked_of(list(sources)), take_in):
            result = dg.materialize(
                [step], resources=resources, tags={"dagster/partition": day}, instance=self.instance
            )
            found |= checks_of(result)
        return found

    def ask(self, query: str) -> list[tuple]:
        with self.warehouse.connect() as con:
            return con.execute(query).fetchall()

    def written(self) -> bytes:
        """Every byte that the runs left behind."""
        files = [path for path in sorted(self.folder.rglob("*")) if path.is_file()]
        unpacked = [
            zstandard.ZstdDecompressor().stream_reader(path.read_bytes()).read()
            for path in files
            if path.suffix == ".zst"
        ]
        return b"\n".join([*(path.read_bytes() for path in files), *unpacked])


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name, key in bluesky.KEYS.items():
        monkeypatch.setenv(f"CROWDTAPE_{name.upper()}", key)
    return Run(tmp_path)


def test_a_service_that_is_down_turns_its_own_check_red_and_the_others_go_on(run: Run):
    with LocalService(hackernews.play) as up, LocalService(lambda asked: Reply(status=502)) as down:
        run.follow(
            hackernews={"searches": ["micron"], "base_url": up.url},
            bluesky={"searches": ["micron"], "base_url": down.url},
        )
        checks = run("bluesky", "hackernews")
    assert checks["hackernews_answered"].passed
    assert not checks["bluesky_answered"].passed
    assert checks["bluesky_answered"].severity is dg.AssetCheckSeverity.ERROR
    assert "502" in str(checks["bluesky_answered"].metadata)
    assert checks["every_landed_answer_is_read"].passed
    rows = run.ask("select source, status, row_count > 100, page_count > 5 from raw.fetches order by source")
    assert rows == [("bluesky", "failed", None, False), ("hackernews", "ok", True, True)]
    assert run.ask("select distinct source from raw.posts") == [("hackernews",)]


def test_the_next_run_asks_only_for_what_is_missing(run: Run):
    with LocalService(hackernews.play) as up, LocalService(lambda asked: Reply(status=502)) as down:
        run.follow(
            hackernews={"searches": ["micron"], "base_url": up.url},
            bluesky={"searches": ["micron"], "base_url": down.url},
        )
        run("bluesky", "hackernews")
        asked = len(up.asked)
        down.play = bluesky.play
        checks = run("bluesky", "hackernews")
        assert checks["bluesky_answered"].passed
        assert len(up.asked) == asked


def test_answers_are_read_anew_without_asking_after_a_parser_was_mended(run: Run, monkeypatch: pytest.MonkeyPatch):
    with LocalService(hackernews.play) as service:
        run.follow(hackernews={"searches": ["micron"], "base_url": service.url})
        run("hackernews")
        before = run.ask("select * exclude (fetched_at) from raw.comments order by all")
        with run.warehouse.connect() as con:  # as an older parser would have left it
            con.execute("update raw.comments set body = 'misread', version_id = 'old'")
        asked = len(service.asked)
        run("hackernews")
        assert run.ask("select distinct body from raw.comments") == [("misread",)]
        checks = run("hackernews", refetch=False)
        assert len(service.asked) == asked
    assert checks["hackernews_answered"].passed
    assert run.ask("select * exclude (fetched_at) from raw.comments order by all") == before


def test_everything_of_the_days_is_asked_again_where_that_is_wanted(run: Run):
    with LocalService(hackernews.play) as service:
        run.follow(hackernews={"searches": ["micron"], "base_url": service.url})
        run("hackernews")
        asked = len(service.asked)
        run("hackernews", refetch=True)
        assert len(service.asked) == 2 * asked
    looks = run.ask("select count(*), count(distinct observed_at) > 1 from raw.engagement group by text_id")
    assert {many for _, many in looks} == {True}  # counts are appended at each look
    assert run.ask("select max(versions) from (select count(*) as versions from raw.comments group by text_id)") == [
        (1,)
    ]


def test_a_landing_of_no_days_keeps_nothing_that_was_read(run: Run):
    with LocalService(hackernews.play) as service:
        run.follow(hackernews={"searches": ["micron"], "base_url": service.url})
        run("hackernews", landing_days=0)
    assert not list((run.folder / "home" / "landing").rglob("*.zst"))
    assert run.ask("select count(*) > 100 from raw.comments") == [(True,)]


def test_nothing_to_read_again_is_told(run: Run):
    with LocalService(hackernews.play) as service:
        run.follow(hackernews={"searches": ["micron"], "base_url": service.url})
        run("hackernews", landing_days=0)
        told = run("hackernews", refetch=False)["every_landed_answer_is_read"]
    assert not told.passed
    assert told.severity is dg.AssetCheckSeverity.WARN
    assert "no landed answer of these days is left" in str(told.metadata)


def test_who_was_forgotten_stays_in_no_answer_that_a_later_look_brings(run: Run):
    with LocalService(hackernews.play) as service:
        run.follow(hackernews={"searches": ["micron"], "base_url": service.url})
        run("hackernews")
        forget(run.warehouse, "hackernews:author12", None, datetime.now(UTC), say=lambda line: None)
        run("hackernews", refetch=True)
    assert run.ask("select count(*) > 100 from raw.comments") == [(True,)]
    run.warehouse.publish()
    assert b"author12" not in run.written()


def test_a_wrong_file_of_what_to_follow_is_told_by_every_check_that_needs_it(run: Run):
    run.toml.write_text("[hackernews]\nsearch = ['micron']\n")
    checks = run("hackernews")
    assert not checks["hackernews_answered"].passed
    assert "did you mean searches?" in str(checks["hackernews_answered"].metadata)


SECRETIVE = {"bluesky": bluesky, "reddit": reddit, "stocktwits": stocktwits, "alphavantage": alphavantage_prices}
FOLLOWED = {
    "bluesky": {"searches": ["micron"]},
    "reddit": {"subreddits": ["chips"]},
    "stocktwits": {"tickers": ["MU"]},
    "alphavantage": {"tickers": ["MU"]},
}


@pytest.mark.parametrize("name", SECRETIVE)
def test_no_secret_is_in_anything_that_a_run_wrote(
    name: str, run: Run, capfd: pytest.CaptureFixture, caplog, monkeypatch: pytest.MonkeyPatch
):
    """The runs that go well, and those that fail; in both the service repeats what it was told."""
    caplog.set_level("DEBUG")
    play = SECRETIVE[name]
    for key, value in play.KEYS.items():
        monkeypatch.setenv(f"CROWDTAPE_{key.upper()}", value)
    day = f"{datetime.now(UTC):%Y-%m-%d}" if name == "alphavantage" else play.WINDOW.start.date().isoformat()

    def repeats(asked):
        reply = play.play(asked)
        if reply.body.startswith(b"{") and "access_token" not in asked.path:
            said = {**json.loads(reply.body), "you_said": f"{asked.headers} {asked.query} {asked.body!r}"}
            reply = Reply(json.dumps(said).encode(), reply.status, reply.headers)
        return reply

    def fails(asked):
        said = {"error": "InvalidToken", "message": f"{asked.headers} {asked.query} {asked.body!r}"}
        return Reply(json.dumps(said).encode(), 400 if asked.number % 2 else 500)

    history = run.folder / "history"
    history.mkdir()
    with LocalService(repeats) as service, dg.DagsterInstance.local_temp(str(history)) as run.instance:
        run.follow(**{name: {**FOLLOWED[name], "base_url": service.url}})
        run(name, day=day)
        assert run.ask("select status <> 'failed', page_count > 0 from raw.fetches") == [(True, True)]
        sent = [asked.headers.get("authorization", "") for asked in service.asked]
        tokens = {value.partition(" ")[2] for value in sent if value}
        service.play = fails
        assert not run(name, day=day, refetch=True)[f"{name}_answered"].passed
    written = run.written() + "".join(capfd.readouterr()).encode() + caplog.text.encode()
    assert len(written) > 10_000
    secrets = {*tokens, *(value for key, value in play.KEYS.items() if not key.endswith("_handle"))}
    assert secrets
    for secret in secrets:
        for form in (secret, quote(secret), base64.b64encode(secret.encode()).decode().rstrip("=")):
            assert form.encode() not in written


def test_services_stand_in_the_graph_where_they_are_followed(tmp_path: Path):
    program = """if True:
        import json, warnings
        warnings.simplefilter("ignore")
        from pipelines.definitions import defs
        graph = defs().resolve_asset_graph()
        landing = [key.to_user_string() for key in graph.get_all_asset_keys() if key.path[0] == "landing"]
        import dagster as dg
        parents = [key.to_user_string() for key in graph.get(dg.AssetKey(["raw", "posts"])).parent_keys]
        built = [key.path[0] for key in defs().resolve_job_def("build").asset_layer.selected_asset_keys]
        print(json.dumps([sorted(landing), sorted(parents), "landing" in built, "raw" in built]))
    """
    found = {}
    for sources in ("", "hackernews, RSS"):
        env = {**os.environ, "CROWDTAPE_SOURCES": sources, "PYTHONPATH": str(Path(__file__).parents[1])}
        printed = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=True)
        found[sources] = json.loads(printed.stdout.splitlines()[-1])
    assert found[""] == [[], [], False, True]
    services = ["landing/hackernews", "landing/rss"]
    assert found["hackernews, RSS"] == [services, services, False, True]
