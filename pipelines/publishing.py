"""``make publish``: write the file that people read anew from the database, where it is missing, broken or old.

A run of the job does the same at its end. Not here: how (``Warehouse.publish``).
"""

import argparse
import sys
import time
from pathlib import Path

import duckdb

from pipelines.database_copy import NotCopied
from pipelines.locks import HELD, WarehouseClosed
from pipelines.schema import OtherSchema
from pipelines.settings import BadSettings, read_settings
from pipelines.warehouse import Warehouse


def main(arguments: list[str] | None = None) -> None:
    """Publish, and say in one line what was done; exits with the reason where it cannot be."""
    argparse.ArgumentParser(prog="python -m pipelines.publishing", description=__doc__).parse_args(arguments)
    try:
        settings = read_settings()
        warehouse = Warehouse(
            home=str(settings.home), memory_limit=settings.memory_limit, lock_wait_seconds=settings.lock_wait_seconds
        )
        print(published_anew(warehouse))
    except (BadSettings, WarehouseClosed, OtherSchema, NotCopied) as error:
        sys.exit(str(error))


def published_anew(warehouse: Warehouse) -> str:
    """Publish; a line with what the published file was before, its size and the time that it took."""
    if not warehouse.database.is_file():
        raise NotCopied(
            f"{warehouse.database} is not there, so there is nothing to publish; a run of the job makes it, "
            "`make restore FROM=file` brings back a backup"
        )
    was = what_it_is(warehouse.published)
    began = time.monotonic()
    size = warehouse.publish()
    took = time.monotonic() - began
    return f"published {warehouse.published}: {size / 1e6:,.1f} MB in {took:.1f} s; the one before {was}"


def what_it_is(published: Path) -> str:
    """``was missing``, ``could not be read`` or ``was replaced``, of the published file as it is now."""
    if not published.is_file():
        return "was missing"
    try:
        duckdb.connect(published, read_only=True, config={"enable_external_access": "false"}).close()
    except duckdb.Error as error:
        if HELD not in str(error):
            return "could not be read"
    return "was replaced"


if __name__ == "__main__":
    main()
