"""A home that asks one played service and takes in what it lands, without Dagster: rounds, tables, troubles."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import duckdb

from pipelines.progress import Progress
from pipelines.sources.asking import Round, ask_source
from pipelines.sources.fetches import Trouble, troubles
from pipelines.sources.intake import take_in_new
from pipelines.sources.landing import landed_files
from pipelines.sources.rows import Limits
from pipelines.sources.web import Manners, Web
from pipelines.sources.windows import Subject
from pipelines.sql_files import sql_file
from pipelines.warehouse import Warehouse

BRISK = Manners(
    pause_seconds=0,
    tries=2,
    first_wait_seconds=0.001,
    longest_wait_seconds=60,
    whole_seconds=0.5,
    answer_bytes=4 * 2**20,
)
PATIENT = replace(BRISK, whole_seconds=30)  # where nothing drips, and a slow machine is no fault
# What another moment of asking changes, and nothing else may.
MOMENTS = ("fetched_at", "observed_at", "path")


class LiveHome:
    """``played`` is a module of ``tests/plays``, ``address`` the server that plays it."""

    def __init__(self, folder: Path, played: ModuleType, address: str, manners: Manners = PATIENT) -> None:
        self.folder = folder
        self.played = played
        self.warehouse = Warehouse(home=str(folder), lock_wait_seconds=0)
        self.reach(address)
        self.manners = manners
        self.said: list[str] = []

    def reach(self, address: str) -> None:
        """Ask the server at ``address``."""
        self.address = address
        self.subject: Subject = self.played.subject(address) if hasattr(self.played, "subject") else self.played.SUBJECT

    def web(self, now: datetime) -> Web:
        return Web(
            self.played.NAME,
            self.address,
            keys=dict(self.played.KEYS),
            manners=self.manners,
            now=lambda: now,
            sleep=lambda seconds: None,
            say=self.said.append,
        )

    def round(
        self,
        now: datetime | None = None,
        *,
        is_refetch: bool = False,
        subjects: list[Subject] | None = None,
        days: tuple[date, date] | None = None,
        seconds: float = 600,
    ) -> Round:
        """Ask what is due, of the play's window and subject unless told otherwise, and take in what was landed."""
        now = now or self.played.NOW
        window = self.played.WINDOW
        days = days or (window.start.date(), (window.end - timedelta(microseconds=1)).date())
        web, subjects = self.web(now), subjects or [self.subject]
        done = ask_source(self.connect, self.folder, web, subjects, days, seconds, is_refetch=is_refetch)
        self.take_in(now)
        return done

    def take_in(self, now: datetime) -> None:
        with self.connect() as con:
            take_in_new(
                con, landed_files(self.folder, [self.played.NAME]), now, Limits(), 0, Progress(self.said.append)
            )
            con.execute(sql_file("raw/fetched_rows"))

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """The file held open, which saves opening it for every step."""
        with duckdb.connect(self.warehouse.database, config=self.warehouse.options):
            yield

    def connect(self) -> contextlib.AbstractContextManager[duckdb.DuckDBPyConnection]:
        return self.warehouse.connect()

    def troubles(self) -> list[Trouble]:
        with self.connect() as con:
            return troubles(con, self.played.NAME, [self.subject], self.played.NOW)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with self.connect() as con:
            return con.execute(query).fetchall()

    def _anywhere(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """The row whatever the server's port is, which stands in what a feed links to."""
        host = urlsplit(self.address).netloc
        return tuple(value.replace(host, "host") if isinstance(value, str) else value for value in row)

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """All rows of raw that asking brought; a clock of its own tells when a file was taken in."""
        with self.connect() as con:
            tables = {
                table: con.execute(f"select * from raw.{table} order by all").fetchall()
                for table in ("posts", "comments", "engagement", "prices", "fetches", "rejects")
            }
        landed = sorted(path.relative_to(self.folder) for path in self.folder.glob("landing/*/*/*.zst"))
        return {**tables, "landed": [(path.as_posix(),) for path in landed]}

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """The texts of the window, their counts, and all bars, each once and without the moments of asking."""
        window = dict(zip(("start", "end"), self.played.WINDOW, strict=True))
        texts = "select text_id, published_at from raw.posts union all select text_id, published_at from raw.comments"
        inside = f"text_id in (from ({texts}) select text_id where published_at >= $start and published_at < $end)"
        found = {}
        with self.connect() as con:
            for table in ("posts", "comments", "engagement"):
                query = f"select distinct {_columns(con, table)} from raw.{table} where {inside} order by all"
                found[table] = sorted(map(self._anywhere, con.execute(query, window).fetchall()), key=repr)
            found["prices"] = con.execute(f"select {_columns(con, 'prices')} from raw.prices order by all").fetchall()
        return found


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> str:
    con.execute(f"select * from raw.{table} limit 0")
    return ", ".join(name for name, *_ in con.description if name not in MOMENTS)
