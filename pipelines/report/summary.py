"""A published database in under a screen: rows per table, and the strongest and weakest lines of the link table."""

from pathlib import Path

import duckdb

TABLES = """
    select schema_name || '.' || table_name as name, estimated_size
    from duckdb_tables()
    where schema_name in ('raw', 'core', 'mart') and table_name <> 'schema_versions'
    order by case schema_name when 'raw' then 0 when 'core' then 1 else 2 end, name
"""
LINKS = """
    select ticker, count(*) as n, corr(mean_sentiment, forward_return_1d) as link, avg(text_count) as texts,
        corr(mean_sentiment, return_1d) as same_day
    from mart.ticker_days
    where mean_sentiment is not null and forward_return_1d is not null and scorer = ?
    group by ticker
    having count(*) >= 30
    order by link desc, ticker
"""


def summary(published: Path, scorer: str = "vader") -> str:
    """Lines about a published file: row counts, and by ticker how mood correlates with the next session's return."""
    con = duckdb.connect(published, read_only=True)
    try:
        con.execute("set TimeZone = 'UTC'")
        names = [name for name, _ in con.execute(TABLES).fetchall()]
        counts = [(name, con.execute(f"select count(*) from {name}").fetchall()[0][0]) for name in names]
        links = con.execute(LINKS, [scorer]).fetchall()
    finally:
        con.close()
    cells = [f"{name:<18}{count:>10,}" for name, count in counts]
    rows = -(-len(cells) // 3)
    lines = ["rows per table"]
    lines += ["  " + "    ".join(cells[row::rows]) for row in range(rows)]
    lines += ["", f"mart.ticker_days, scorer {scorer}: correlation of a session's mean sentiment with …"]
    lines += ["  ticker   next open to close   the same session      n   texts a session"]
    shown = links if len(links) <= 6 else [*links[:3], None, *links[-3:]]
    for link in shown:
        if link is None:
            lines += ["  …"]
            continue
        ticker, n, ahead, texts, same = link
        lines += [f"  {ticker:<8} {ahead:>+18.3f}   {same:>+16.3f} {n:>6,} {texts:>17.1f}"]
    return "\n".join(lines)
