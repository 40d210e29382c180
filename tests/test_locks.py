"""Whoever waits for the written file says for whom, goes on when it is free, and changes nothing when it is not."""

import threading
import time

import dagster as dg
import duckdb
import pytest
from holding import held, let_go

from pipelines import forget, locks
from pipelines.locks import WarehouseHeld, holder
from pipelines.warehouse import Warehouse

LOCKED = 'IO Error: Could not set lock on file "{}": Conflicting lock is held in /usr/bin/python3.11 (PID {}). See also'


@pytest.fixture
def patient(home, monkeypatch) -> Warehouse:
    """A warehouse with a database, whose waits are told every fifth of a second."""
    monkeypatch.setattr(locks, "TRIED_EVERY", 0.02)
    monkeypatch.setattr(locks, "SAID_EVERY", 0.2)
    with home.warehouse.connect():
        pass
    return Warehouse(home=str(home.folder), lock_wait_seconds=30)


def test_a_run_waits_says_for_whom_and_goes_on_when_the_file_is_free(patient):
    @dg.op
    def writes(warehouse: Warehouse) -> int:
        with warehouse.connect() as con:
            return con.execute("select 42").fetchall()[0][0]

    @dg.job(resource_defs={"warehouse": patient})
    def job() -> None:
        writes()

    with dg.DagsterInstance.ephemeral() as instance, held(patient.database) as other:
        threading.Timer(1.0, other.kill).start()
        result = job.execute_in_process(
            instance=instance, run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
        )
        said = [entry.user_message for entry in instance.all_logs(result.run_id) if "waiting" in entry.user_message]
    assert result.output_for_node("writes") == 42
    assert said[0] == f"waiting for PID {other.pid} ({name_of(other)}), which holds {patient.database}, up to 30 s"
    assert 2 <= len(said) <= 9  # at once, and every fifth of a second since


def test_a_file_that_stays_held_is_told_with_the_pid_and_the_way_out(patient):
    impatient = patient.model_copy(update={"lock_wait_seconds": 1})
    began = time.monotonic()
    with (
        held(patient.database) as other,
        pytest.raises(WarehouseHeld, match=rf"PID {other.pid} .*Nothing was changed.*published.duckdb.*_WAIT_SECONDS"),
        impatient.connect(),
    ):
        pass
    assert time.monotonic() - began >= 1


def test_forgetting_waits_for_the_file_that_it_rewrites(patient):
    with patient.connect() as con:
        con.execute("insert into raw.author_salts values ('kept', now())")
    with held(patient.database) as other:
        threading.Timer(0.3, let_go, [other]).start()
        forget._rewrite(patient)
    with patient.connect() as con:
        assert con.execute("select fingerprint from raw.author_salts").fetchall() == [("kept",)]
    impatient = patient.model_copy(update={"lock_wait_seconds": 0})
    with held(patient.database) as other, pytest.raises(WarehouseHeld, match=str(other.pid)):
        forget._rewrite(impatient)
    assert [path.name for path in patient.database.parent.iterdir()] == [patient.database.name]


def test_what_is_no_lock_is_no_reason_to_wait(patient):
    tries = []

    def attempt() -> None:
        tries.append(1)
        raise duckdb.IOException('Cannot open file "/home/lock/Conflicting lock (PID 1)": Permission denied')

    with pytest.raises(duckdb.IOException, match="Permission denied"):
        locks.when_free(attempt, patient.database, 30, print, "")
    assert len(tries) == 1


@pytest.mark.parametrize(
    "message, who",
    [
        (LOCKED.format("/home/a/crowdtape.duckdb", 999_999_999), "PID 999999999"),
        (LOCKED.format("/home/Conflicting lock is held (PID 1)/crowdtape.duckdb", 999_999_999), "PID 999999999"),
        (
            'Could not set lock on file "/home/a (PID 1)/crowdtape.duckdb": Resource temporarily unavailable',
            "another process",
        ),
        ("", "another process"),
    ],
)
def test_the_pid_is_duckdbs_and_not_that_of_a_folders_name(message, who):
    assert holder(message) == who


def name_of(process) -> str:
    return holder(LOCKED.format("", process.pid)).partition(" (")[2].rstrip(")") or "python"
