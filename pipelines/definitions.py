"""Entry point of Dagster: loads everything under ``defs/`` and picks the executor; nothing else."""

from pathlib import Path

import dagster as dg


@dg.definitions
def defs() -> dg.Definitions:
    """Load every definition under ``defs/``; one process, because one DuckDB file has one writer."""
    return dg.Definitions.merge(
        dg.load_from_defs_folder(path_within_project=Path(__file__).parent),
        dg.Definitions(executor=dg.in_process_executor),
    )
