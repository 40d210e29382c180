"""The shape that every price source yields. Not here: any vendor's format, any adjustment (``pipelines/market``)."""

from typing import NamedTuple

import pyarrow as pa

PRICE_ROWS = pa.schema(
    [
        pa.field("ticker", pa.string(), nullable=False),
        pa.field("bar", pa.string(), nullable=False),
        pa.field("trading_day", pa.date32(), nullable=False),
        ("start_at", pa.timestamp("us", tz="UTC")),
        ("open", pa.float64()),
        ("high", pa.float64()),
        ("low", pa.float64()),
        ("close", pa.float64()),
        ("adjusted_close", pa.float64()),
        ("volume", pa.float64()),
        ("dividend", pa.float64()),
        ("split_ratio", pa.float64()),
        ("vendor", pa.string()),
    ]
)


class PriceBatch(NamedTuple):
    """Price bars and the lines that were refused, read together."""

    prices: pa.Table
    rejects: pa.Table
