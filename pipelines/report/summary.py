"""A published database in under a screen: rows per table, and the strongest and weakest lines of the link table."""

from pathlib import Path

import duckdb

TABLES = """
    select schema_name || '.' || table_name as name, estimated_size
    from duckdb_tables()
    where schema_name in ('raw', 'core', 'mart') and table_name not in ('schema_versions', 'author_salts', 'forgotten')
    order by case schema_name when 'raw' then 0 when 'core' then 1 else 2 end, name
"""
LINKS = """
    select quality.universe, quality.slope_bps, quality.slope_low_bps, quality.slope_high_bps, quality.verdict,
        same.correlation
    from mart.signal_quality as quality
    join mart.lead_lag as same
        on same.scorer = quality.scorer and same.universe = quality.universe and same.lag = 0
    where quality.method = 'regression' and quality.source = 'all' and quality.signal = 'mean_sentiment'
        and quality.horizon = 1 and quality.scorer = ? and quality.slope_bps is not null
    order by quality.p, quality.universe
"""
SCORER = "finance"
SHOWN_TICKERS = 3  # of the strongest and of the weakest


def summary(published: Path) -> str:
    """Lines about a published file: row counts, and by ticker what sentiment says of the next session."""
    con = duckdb.connect(published, read_only=True)
    try:
        con.execute("set TimeZone = 'UTC'")
        names = [name for name, _ in con.execute(TABLES).fetchall()]
        counts = [(name, con.execute(f"select count(*) from {name}").fetchall()[0][0]) for name in names]
        links = con.execute(LINKS, [SCORER]).fetchall()
    finally:
        con.close()
    return "\n".join([*_rows_per_table(counts), "", *_links(links)])


def _rows_per_table(counts: list[tuple[str, int]]) -> list[str]:
    cells = [f"{name:<18}{count:>10,}" for name, count in counts]
    rows = -(-len(cells) // 3)
    return ["rows per table", *("  " + "    ".join(cells[row::rows]) for row in range(rows))]


def _links(links: list[tuple[str, float, float, float, str, float]]) -> list[str]:
    """A line per ticker, the surest first: what sentiment says of the next session, and of its own."""
    shown: list[tuple | None] = list(links)
    if len(links) > 2 * SHOWN_TICKERS:
        shown = [*links[:SHOWN_TICKERS], None, *links[-SHOWN_TICKERS:]]
    lines = [
        f"mart.signal_quality: next open to close, bps per 1 sd of a session's mean sentiment ({SCORER}),",
        "and mart.lead_lag: its correlation with the same session's return, which began before the texts",
        f"  {'ticker':8}{'bps (95 %)':<21}{'verdict on the next session':<64}same",
    ]
    for link in shown:
        if link is None:
            lines.append("  …")
            continue
        ticker, slope, low, high, verdict, same = link
        reach = f"{slope:+.0f} ({low:+.0f} … {high:+.0f})"
        lines.append(f"  {ticker:8}{reach:<21}{verdict:<64}{same:+.2f}")
    return lines
