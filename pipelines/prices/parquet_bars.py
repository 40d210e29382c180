"""A parquet file of prices as blocks, with the columns of a CSV file.

Not here: what a column means (``vendors.py``).
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from pipelines.prices.blocks import BLOCK_ROWS, Block, PriceFile, columns_of
from pipelines.prices.vendors import EXPECTED, shape_of
from pipelines.sources.rows import BrokenFile, Limits, UnknownShape

ROW_BYTES = 16  # at least, as a day and a close: a run of equal values takes next to nothing in the file
CELL_CHARACTERS = 500


def parquet_bars(path: Path, limits: Limits) -> PriceFile:
    """Read a parquet file, of which only the columns with a meaning; ``BrokenFile`` where it is not whole."""
    try:
        schema = pyarrow.parquet.read_schema(path)
        # Text comes as codes, because one long value may stand for every row.
        file = pyarrow.parquet.ParquetFile(
            path, read_dictionary=[field.name for field in schema if _is_text(field.type)]
        )
    except (pa.ArrowException, OSError) as error:
        raise BrokenFile(f"{path.name}: not a whole parquet file ({error}); fetch it again") from error
    _refuse_bomb(path, file.metadata, limits)
    try:
        shape = shape_of(schema.names)
    except ValueError as error:
        names = ", ".join(schema.names)
        raise UnknownShape(f"{path.name}: its columns are {names}: {error}; {EXPECTED}") from None
    wanted = {field: schema.names[position] for field, position in shape.positions.items()}
    for name in wanted.values():
        _refuse_type(path, schema.field(name))
    return PriceFile(_blocks(path, file, wanted, limits), shape.vendor, shape.stamp)


def _refuse_type(path: Path, field: pa.Field) -> None:
    kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
    if not (_is_text(kind) or _is_number(kind) or _is_time(kind) or pa.types.is_null(kind)):
        raise UnknownShape(f"{path.name}: column {field.name} is of type {field.type}; {EXPECTED}")


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _is_number(kind: pa.DataType) -> bool:
    return pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)


def _is_time(kind: pa.DataType) -> bool:
    return pa.types.is_date(kind) or pa.types.is_timestamp(kind)


def _refuse_bomb(path: Path, metadata: pyarrow.parquet.FileMetaData, limits: Limits) -> None:
    size = path.stat().st_size
    groups = sum(metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups))
    expanded = max(groups, ROW_BYTES * metadata.num_rows)
    if expanded > min(limits.expanded_bytes, max(limits.expansion_free_bytes, limits.expansion_ratio * size)):
        raise BrokenFile(f"{path.name}: its {size:,} bytes expand to {expanded:,} or more: not believed")


def _blocks(path: Path, file: pyarrow.parquet.ParquetFile, wanted: dict[str, str], limits: Limits) -> Iterator[Block]:
    size, row_count = path.stat().st_size, 0
    try:
        for batch in file.iter_batches(BLOCK_ROWS, columns=list(wanted.values())):
            rows = pa.table(batch)
            row_count += batch.num_rows
            limits.told(size * row_count // file.metadata.num_rows)
            yield _block(columns_of({field: _as_text(path, name, rows[name]) for field, name in wanted.items()}))
    except (pa.ArrowException, OSError) as error:
        raise BrokenFile(f"{path.name}: the parquet file is damaged ({error}); fetch it again") from error


def _block(columns: pa.Table) -> Block:
    lines = [None] * columns.num_rows
    return Block(columns, lines, lambda row: ",".join(str(column[row]) for column in columns.columns), [])


def _as_text(path: Path, name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        kind = column.type.value_type
        values = pa.chunked_array([chunk.dictionary for chunk in column.chunks], kind)
        longest = pc.max(pc.utf8_length(values)).as_py() if _is_text(kind) else None
        if longest and longest > CELL_CHARACTERS:
            raise UnknownShape(f"{path.name}: column {name} has a cell of {longest:,} characters; {EXPECTED}")
        column = column.cast(kind)
    return pc.fill_null(column.cast(pa.string()), "")
