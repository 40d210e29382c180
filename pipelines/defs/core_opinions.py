"""STEP 2. Core tables of meaning: whom a text is about, what it says of each, what it claims.

Here: mentions, clauses, opinions and claims, each a function of the texts of the days asked for. Not here: the texts,
their sentences and scores (``core_texts.py``).
"""

from datetime import date

import dagster as dg
import duckdb
import pyarrow as pa

from pipelines.claims.find import find_claims
from pipelines.defs.core_texts import CORE, scores, sentences, told_of
from pipelines.defs.metadata import built, declared
from pipelines.defs.resources import days_of_run
from pipelines.sentiment.clauses import score_clauses
from pipelines.sql_files import sql_file
from pipelines.tables import clear_days, gather, transaction
from pipelines.text.clauses import divide
from pipelines.text.clean import clean
from pipelines.text.meant import meant
from pipelines.text.sentences import split_sentences
from pipelines.warehouse import Warehouse

# A comment that names nothing probably speaks of its thread's subject: half as sure, and half the weight.
INHERITED = {"inherited_confidence": 0.5}
INHERITED_WEIGHT = {"inherited_weight": 0.5}


@dg.asset(**CORE, deps=[sentences, ["core", "instruments"]], **declared("core.mentions"))
def mentions(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per text, ticker, rule and place: why we think it speaks of that ticker."""
    with warehouse.at_work() as (con, progress):
        days = days_of_run(context, con)
        instruments = con.execute("select * from core.instruments order by ticker, valid_from").to_arrow_table()
        starts = map(clean, told_of(progress, "threads", con, sql_file("core/thread_starts"), days))
        gather(con, "start_mentions", (start_mentions(batch, instruments) for batch in starts))
        query = "select text_id, symbols from core.texts where day between $first and $last order by text_id"
        texts = told_of(progress, "texts", con, query, days)
        found = (
            meant(
                batch,
                beside(con, "sentences_of_texts", batch, days),
                instruments,
                beside(con, "tickers_of_threads", batch, days),
            )
            for batch in texts
        )
        gather(con, "found_mentions", found)
        replace_found(con, "core.mentions", sql_file("core/mentions"), {**days, **INHERITED})
        return built(con, "core.mentions")


def start_mentions(batch: pa.Table, instruments: pa.Table) -> pa.Table:
    """Mentions in first posts of threads, with ``known_at`` of the post."""
    return meant(batch, split_sentences(batch), instruments).join(batch.select(["text_id", "known_at"]), "text_id")


@dg.asset(**CORE, deps=[mentions, scores], **declared("core.clauses"))
def clauses(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per sentence that names several tickers, ticker and scorer: the words about this ticker, scored."""
    with warehouse.at_work() as (con, progress):
        days = days_of_run(context, con)
        shared = told_of(progress, "sentences", con, sql_file("core/shared_sentences"), days)
        named = ((batch, beside(con, "mentions_of_texts", batch, days)) for batch in shared)
        divided = (score_clauses(divide(batch, mentioned), mentioned) for batch, mentioned in named)
        gather(con, "found_clauses", divided)
        query = "select found_clauses.*, texts.day from found_clauses join core.texts using (text_id)"
        replace_found(con, "core.clauses", query, days)
        return built(con, "core.clauses")


@dg.asset(**CORE, deps=[clauses], **declared("core.opinions"))
def opinions(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per text, ticker and scorer: what the text says of that ticker, and on which sentences that stands."""
    with warehouse.at_work() as (con, _):
        days = days_of_run(context, con)
        replace_found(con, "core.opinions", sql_file("core/opinions"), {**days, **INHERITED_WEIGHT})
        return built(con, "core.opinions")


@dg.asset(**CORE, deps=[mentions], **declared("core.claims"))
def claims(context: dg.AssetExecutionContext, warehouse: Warehouse) -> dg.MaterializeResult:
    """One row per stated fact: a move, a price target, a figure, a date, as said."""
    with warehouse.at_work() as (con, progress):
        days = days_of_run(context, con)
        spoken = told_of(progress, "sentences", con, sql_file("core/claiming_sentences"), days)
        found = (find_claims(batch, beside(con, "mentions_of_texts", batch, days)) for batch in spoken)
        gather(con, "found_claims", found)
        query = "select found_claims.*, texts.known_at, texts.day from found_claims join core.texts using (text_id)"
        replace_found(con, "core.claims", query, days)
        return built(con, "core.claims")


def beside(con: duckdb.DuckDBPyConnection, name: str, batch: pa.Table, days: dict[str, date]) -> pa.Table:
    """Rows of the query ``warehouse/core/<name>.sql`` for the texts from the first to the last of an ordered batch."""
    ids = batch["text_id"]
    bounds = {"low": ids[0].as_py(), "high": ids[-1].as_py()} if len(ids) else {"low": "", "high": ""}
    return con.execute(sql_file(f"core/{name}"), {**days, **bounds}).to_arrow_table()


def replace_found(con: duckdb.DuckDBPyConnection, table: str, query: str, params: dict[str, object]) -> None:
    """Replace the days ``first`` to ``last`` of ``table`` by the rows of ``query``, whole or not at all."""
    days = {"first": params["first"], "last": params["last"]}
    named = {name: value for name, value in params.items() if f"${name}" in query}
    with transaction(con):
        clear_days(con, table, days)
        con.execute(f"insert into {table} by name {query}", named)
