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
    select ticker, scorer, count(*) as n, avg(text_count) as texts,
        corr(mean_sentiment, forward_return_1d) as ahead, corr(mean_sentiment, return_1d) as same_session
    from mart.ticker_days
    where mean_sentiment is not null and forward_return_1d is not null
    group by ticker, scorer
    having count(*) >= 30
    order by avg(ahead) over (partition by ticker) desc, ticker, scorer
"""
SHOWN_TICKERS = 3  # of the strongest and of the weakest


def summary(published: Path) -> str:
    """Lines about a published file: row counts, and by ticker how mood correlates with the next session's return."""
    con = duckdb.connect(published, read_only=True)
    try:
        con.execute("set TimeZone = 'UTC'")
        names = [name for name, _ in con.execute(TABLES).fetchall()]
        counts = [(name, con.execute(f"select count(*) from {name}").fetchall()[0][0]) for name in names]
        links = con.execute(LINKS).fetchall()
    finally:
        con.close()
    return "\n".join([*_rows_per_table(counts), "", *_links(links)])


def _rows_per_table(counts: list[tuple[str, int]]) -> list[str]:
    cells = [f"{name:<18}{count:>10,}" for name, count in counts]
    rows = -(-len(cells) // 3)
    return ["rows per table", *("  " + "    ".join(cells[row::rows]) for row in range(rows))]


def _links(links: list[tuple[str, str, int, float, float, float]]) -> list[str]:
    """A line per ticker, strongest first, with every scorer's two correlations."""
    by_ticker: dict[str, list[tuple]] = {}
    for ticker, *link in links:
        by_ticker.setdefault(ticker, []).append(tuple(link))
    scorers = sorted({link[1] for link in links})
    tickers = list(by_ticker)
    if len(tickers) > 2 * SHOWN_TICKERS:
        tickers = [*tickers[:SHOWN_TICKERS], "…", *tickers[-SHOWN_TICKERS:]]
    lines = [
        "mart.ticker_days: correlation of a session's mean sentiment with the return …",
        f"  {'':8}{'next open to close':^{10 * len(scorers)}}  {'of the same session':^{10 * len(scorers)}}",
        f"  {'ticker':8}{'  '.join(2 * [''.join(f'{scorer:>10}' for scorer in scorers)])}      n  texts a session",
    ]
    for ticker in tickers:
        if ticker == "…":
            lines.append("  …")
            continue
        found = {scorer: figures for scorer, *figures in by_ticker[ticker]}
        n, texts = by_ticker[ticker][0][1:3]
        ahead, same = (
            "".join(f"{found[scorer][column]:>+10.3f}" if scorer in found else " " * 10 for scorer in scorers)
            for column in (2, 3)
        )
        lines.append(f"  {ticker:8}{ahead}  {same} {n:>6,} {texts:>16.1f}")
    return lines
