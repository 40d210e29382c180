"""A backup is whole and comes back whole; nothing else comes in, and an interrupted restore changes nothing."""

import io
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import duckdb
import pytest
import zstandard
from conftest import Home, at

from pipelines.backup import backed_up, main
from pipelines.database_copy import NotCopied
from pipelines.locks import WarehouseHeld
from pipelines.restore import KNOWN_NAME, NoBackup, restored
from pipelines.schema import OtherSchema
from pipelines.sources.rows import Limits

NOW = at("2026-06-01 00:00:00")
LANDED = "landing/hackernews/2026-05-30/micron-0123456789-20260530T120000123456.ndjson.zst"


def remember(home: Home, word: str) -> None:
    with home.warehouse.connect() as con:
        con.execute("delete from raw.author_salts")
        con.execute("insert into raw.author_salts by name select ? as fingerprint, now() as first_used_at", [word])


def remembered(path: Path) -> list[tuple]:
    with duckdb.connect(path, read_only=True) as con:
        return con.execute("select fingerprint from raw.author_salts").fetchall()


def landed(home: Home, name: str = LANDED, content: bytes = b"as it came") -> Path:
    path = home.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (1_780_000_000.25, 1_780_000_000.25))
    return path


def everything(home: Home) -> dict[str, bytes]:
    """Every file of a home with its bytes."""
    return {
        path.relative_to(home.folder).as_posix(): path.read_bytes()
        for path in sorted(home.folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def full(home) -> Home:
    remember(home, "first")
    landed(home)
    (home.folder / "crowdtape.toml").write_text("# what I follow\n")
    home.drop("texts/mine.ndjson", "{}")
    (home.folder / ".env").write_text("CROWDTAPE_AUTHOR_SALT=secret")
    home.warehouse.publish()
    return home


def back_up(home: Home, to: Path) -> str:
    return backed_up(home.warehouse, home.folder / "crowdtape.toml", to, NOW)


def bring_back(home: Home, backup: Path, **limits: int) -> str:
    return restored(home.warehouse, home.folder / "crowdtape.toml", backup, NOW, Limits(**limits))


def names(backup: Path) -> list[str]:
    with zstandard.open(backup) as packed, tarfile.open(fileobj=packed, mode="r|") as archive:
        return [member.name for member in archive]


def packed(path: Path, *members: tuple[tarfile.TarInfo, bytes]) -> Path:
    with zstandard.open(path, "wb") as file, tarfile.open(fileobj=file, mode="w|") as archive:
        for member, content in members:
            member.size = member.size or len(content)
            archive.addfile(member, io.BytesIO(content))
    return path


def test_a_backup_has_the_database_the_landing_and_what_is_followed_and_nothing_else(full, tmp_path):
    said = back_up(full, tmp_path)
    backup = tmp_path / "crowdtape-20260601T000000Z.tar.zst"
    assert names(backup) == ["crowdtape.duckdb", "crowdtape.toml", LANDED]
    assert str(backup) in said
    assert "1 landed files" in said
    assert backup.stat().st_mode & 0o077 == 0
    assert list(full.folder.glob("*.part")) == [] == list(tmp_path.glob("*.part"))


def test_a_backup_comes_back_into_an_empty_home(full, tmp_path, make_home):
    back_up(full, tmp_path / "b.tar.zst")
    other = make_home("other")
    said = bring_back(other, tmp_path / "b.tar.zst")
    assert remembered(other.warehouse.database) == remembered(other.warehouse.published) == [("first",)]
    assert (other.folder / LANDED).read_bytes() == b"as it came"
    assert (other.folder / LANDED).stat().st_mtime == 1_780_000_000.25  # it is known by its time
    assert (other.folder / "crowdtape.toml").read_text() == "# what I follow\n"
    assert sorted(path.name for path in other.folder.iterdir()) == [
        "crowdtape.duckdb",
        "crowdtape.toml",
        "landing",
        "published.duckdb",
    ]
    assert "1 landed files" in said


def test_what_was_there_before_is_kept_beside_it(full, tmp_path):
    back_up(full, tmp_path / "b.tar.zst")
    remember(full, "later")
    (full.folder / "crowdtape.toml").write_text("# something else\n")
    later = landed(full, LANDED.replace("micron", "nvidia"))
    said = bring_back(full, tmp_path / "b.tar.zst")
    kept = full.folder / "crowdtape.before-restore-20260601T000000Z.duckdb"
    assert (remembered(full.warehouse.database), remembered(kept)) == ([("first",)], [("later",)])
    assert kept.name in said
    assert (full.folder / "crowdtape.toml").read_text() == "# what I follow\n"
    assert (full.folder / "crowdtape.before-restore-20260601T000000Z.toml").read_text() == "# something else\n"
    assert later.exists()
    assert remembered(full.warehouse.published) == [("first",)]


def test_a_broken_database_is_kept_with_its_log_and_replaced(full, tmp_path):
    back_up(full, tmp_path / "b.tar.zst")
    full.warehouse.database.write_bytes(b"broken")
    Path(f"{full.warehouse.database}.wal").write_bytes(b"its log")
    bring_back(full, tmp_path / "b.tar.zst")
    kept = full.folder / "crowdtape.before-restore-20260601T000000Z.duckdb"
    assert (kept.read_bytes(), Path(f"{kept}.wal").read_bytes()) == (b"broken", b"its log")
    assert remembered(full.warehouse.database) == [("first",)]


def test_nothing_is_brought_back_while_somebody_holds_the_database(full, tmp_path):
    back_up(full, tmp_path / "b.tar.zst")
    remember(full, "later")
    script = f"import duckdb; c = duckdb.connect({str(full.warehouse.database)!r}); print('held', flush=True); input()"
    holder = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout.readline() == "held\n"
        for act in (bring_back, back_up):
            with pytest.raises(WarehouseHeld, match=str(holder.pid)):
                act(full, tmp_path / "b.tar.zst")
    finally:
        holder.communicate("\n")
    assert remembered(full.warehouse.database) == [("later",)]
    assert list(full.folder.glob("*before-restore*")) == []


def member(name: str, kind: bytes = tarfile.REGTYPE, **fields) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type = kind
    for field, value in fields.items():
        setattr(made, field, value)
    return made


HOSTILE = [
    member("../crowdtape.duckdb"),
    member("landing/../../evil.ndjson.zst"),
    member("/etc/crowdtape.duckdb"),
    member("landing/hackernews/2026-05-30/../../../../evil.ndjson.zst"),
    member("inbox/texts/fake.ndjson"),
    member("crowdtape.duckdb.wal"),
    member(".env"),
    member("crowdtape.duckdb\n"),
    member("crowdtape.duckdb", tarfile.SYMTYPE, linkname="/etc/passwd"),
    member(LANDED, tarfile.LNKTYPE, linkname="/etc/passwd"),
    member("crowdtape.duckdb", tarfile.CHRTYPE, devmajor=1, devminor=5),
    member("crowdtape.duckdb", tarfile.FIFOTYPE),
    member("landing", tarfile.DIRTYPE),
]


def test_nothing_but_plain_files_of_a_backup_comes_in(full, tmp_path):
    before = everything(full)
    for hostile in HOSTILE:
        packed(tmp_path / "h.tar.zst", (member("crowdtape.toml"), b"# theirs"), (hostile, b""))
        with pytest.raises(NoBackup, match=r"nothing that a backup holds.*Nothing was changed"):
            bring_back(full, tmp_path / "h.tar.zst")
        assert everything(full) == before, hostile.name
    assert sorted(path.name for path in tmp_path.iterdir()) == ["h.tar.zst", "home"]


def test_what_expands_too_far_is_refused_by_what_it_says_of_itself_and_by_what_it_is(full, tmp_path):
    before = everything(full)
    with zstandard.open(tmp_path / "many.tar.zst", "wb") as file:
        file.write(member("crowdtape.duckdb", size=2**50).tobuf(tarfile.GNU_FORMAT) + bytes(2**20))
    with pytest.raises(NoBackup, match="expands to more than"):
        bring_back(full, tmp_path / "many.tar.zst")
    zeros = packed(tmp_path / "zeros.tar.zst", (member("crowdtape.duckdb"), bytes(50_000_000)))
    with pytest.raises(NoBackup, match="expands"):
        bring_back(full, zeros, expanded_bytes=1_000_000)
    lines = member("lines", tarfile.XHDTYPE, size=50_000_000)  # tarfile would read them into memory
    with zstandard.open(tmp_path / "lines.tar.zst", "wb") as file:
        file.write(lines.tobuf(tarfile.USTAR_FORMAT) + bytes(50_000_000))
    with pytest.raises(NoBackup, match="nothing that a backup holds"):
        bring_back(full, tmp_path / "lines.tar.zst")
    assert everything(full) == before


def test_a_backup_cut_off_or_changed_anywhere_is_refused(full, tmp_path):
    back_up(full, tmp_path / "b.tar.zst")
    before, whole = everything(full), (tmp_path / "b.tar.zst").read_bytes()
    for broken in (b"", b"no backup", whole[: len(whole) // 2], whole[:-3], whole[:-40] + b"x" + whole[-39:]):
        (tmp_path / "broken.tar.zst").write_bytes(broken)
        with pytest.raises(NoBackup, match="Nothing was changed"):
            bring_back(full, tmp_path / "broken.tar.zst")
    assert everything(full) == before
    with pytest.raises(NoBackup, match="No such file"):
        bring_back(full, tmp_path / "missing.tar.zst")


def test_another_database_is_refused(full, tmp_path):
    before = everything(full)
    with duckdb.connect(tmp_path / "theirs.duckdb") as con:
        con.execute("create table a as select 1 as n")
    packed(tmp_path / "t.tar.zst", (member("crowdtape.duckdb"), (tmp_path / "theirs.duckdb").read_bytes()))
    with pytest.raises(NoBackup, match="not one of Crowdtape"):
        bring_back(full, tmp_path / "t.tar.zst")
    packed(tmp_path / "none.tar.zst", (member("crowdtape.toml"), b""))
    with pytest.raises(NoBackup, match=r"no crowdtape\.duckdb in it"):
        bring_back(full, tmp_path / "none.tar.zst")
    assert everything(full) == before


def test_a_database_of_an_unknown_version_is_refused(full, tmp_path):
    back_up(full, tmp_path / "good.tar.zst")
    before = everything(full)
    other = tmp_path / "other.duckdb"
    shutil.copy(full.warehouse.database, other)
    with duckdb.connect(other) as con:
        con.execute("update raw.schema_versions set digest = 'of another version'")
    packed(tmp_path / "o.tar.zst", (member("crowdtape.duckdb"), other.read_bytes()))
    with pytest.raises(OtherSchema):
        bring_back(full, tmp_path / "o.tar.zst")
    assert everything(full) == before


def test_a_restore_that_is_killed_leaves_the_home_as_it_was_and_the_next_one_cleans_up(full, tmp_path):
    back_up(full, tmp_path / "b.tar.zst")
    remember(full, "later")
    script = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC\n"
        "from pipelines.restore import restored; from pipelines.sources.rows import Limits\n"
        "from pipelines.warehouse import Warehouse\n"
        "home = sys.argv[1]\n"
        "restored(Warehouse(home=home), Path(home, 'crowdtape.toml'), Path(sys.argv[2]), datetime.now(UTC), Limits())"
    )
    root = Path(__file__).parents[1]
    process = subprocess.Popen([sys.executable, "-c", script, full.folder, tmp_path / "b.tar.zst"], cwd=root)
    while not list(full.folder.glob("restore.*.part")) and process.poll() is None:
        time.sleep(0.001)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    assert len(list(full.folder.glob("restore.*.part"))) == 1
    assert remembered(full.warehouse.database) == [("later",)]
    assert list(full.folder.glob("*before-restore*")) == []
    bring_back(full, tmp_path / "b.tar.zst")
    assert list(full.folder.glob("*.part")) == []
    assert remembered(full.warehouse.database) == [("first",)]


def test_a_backup_that_cannot_be_written_leaves_the_old_one(full, tmp_path):
    with pytest.raises(NotCopied, match="could not be written"):
        back_up(full, tmp_path / "no folder" / "b.tar.zst")
    with pytest.raises(NotCopied, match="nothing to back up"):
        back_up(Home(tmp_path / "empty"), tmp_path / "b.tar.zst")
    assert list(full.folder.glob("*.part")) == []


def test_every_name_that_the_landing_gives_is_a_name_of_a_backup():
    from pipelines.sources.landing import Head, _path
    from pipelines.sources.services import SERVICES

    for source in SERVICES:
        head = Head(source, "search", "Micron & „Söhne“ " * 9, NOW, NOW, NOW)
        assert KNOWN_NAME.fullmatch(_path(Path("landing"), head).as_posix())


def test_the_commands_say_what_is_missing(capsys):
    from pipelines.restore import main as restore

    for command, word in ((main, "TO="), (restore, "FROM=")):
        with pytest.raises(SystemExit, match=word):
            command([""])
        with pytest.raises(SystemExit):
            command(["--help"])
    assert "the published copy" in capsys.readouterr().out
