"""What a killed run or a power loss leaves beside the rows is cleared, or the way out is told."""

import os
import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.leftovers import remove_spilled
from pipelines.warehouse import Warehouse, WarehouseClosed
from tests.conftest import Home


@pytest.fixture
def log(home: Home) -> Path:
    """The log of two transactions, beside a database that is whole without it."""
    with home.warehouse.connect():
        pass
    log = Path(f"{home.warehouse.database}.wal")
    with duckdb.connect(home.warehouse.database) as con:
        for number in (1, 2):
            con.execute("insert into core.scorers select 'scorer', md5(range::varchar), false from range(200)")
            shutil.copy(log, log.with_suffix(f".{number}"))
            shutil.copy(home.warehouse.database, log.with_suffix(".whole"))
    shutil.move(log.with_suffix(".whole"), home.warehouse.database)
    shutil.move(log.with_suffix(".2"), log)
    return log


def scorers(home: Home) -> int:
    return home.ask("select count(*) from core.scorers")[0][0]


def test_a_log_that_is_cut_short_counts_up_to_the_last_whole_transaction(home: Home, log: Path):
    os.truncate(log, log.stat().st_size - 1)
    assert scorers(home) == 200


def test_a_log_whose_end_is_empty_is_told_with_the_way_out(home: Home, log: Path):
    whole = log.read_bytes()
    log.write_bytes(whole[:-4096] + bytes(4096))
    with pytest.raises(WarehouseClosed, match=rf"(?s)torn.*mv '{log}' '{log}.torn'"), home.warehouse.connect():
        pass
    assert log.read_bytes()[-4096:] == bytes(4096)
    log.rename(f"{log}.torn")
    assert scorers(home) == 0


def test_what_was_spilled_goes_and_what_is_not_duckdbs_stays(tmp_path: Path):
    database = tmp_path / "crowdtape.duckdb"
    folder = Path(f"{database}.tmp")
    remove_spilled(database)
    folder.mkdir()
    (folder / "duckdb_temp_storage_S128K-0.tmp").write_bytes(b"spilled")
    remove_spilled(database)
    assert not folder.exists()
    folder.mkdir()
    (folder / "mine").touch()
    remove_spilled(database)
    assert [path.name for path in folder.iterdir()] == ["mine"]


def test_a_path_with_a_lock_in_its_name_is_no_lock(tmp_path: Path):
    (tmp_path / "clockwork").mkdir()
    (tmp_path / "clockwork" / "crowdtape.duckdb").mkdir()
    with (
        pytest.raises(WarehouseClosed, match="CROWDTAPE_HOME"),
        Warehouse(home=str(tmp_path / "clockwork"), lock_wait_seconds=600).connect(),
    ):
        pass
