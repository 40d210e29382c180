"""Sentences of the tear sheet: what the tests say, with n and q, and never more than they say. Not here: any figure."""

from typing import Any

from pipelines.evidence.false_discovery import MAX_Q, written

Row = dict[str, Any]


def verdict_sentence(ticker: Row) -> str:
    """What is known of sentiment before return, of a row of ``warehouse/report/tickers.sql``."""
    if ticker["q"] is None or ticker["slope_bps"] is None:
        return f"{upper(ticker['verdict'])}."
    came = (
        f"one standard deviation more of a session's mean sentiment came with {bps(ticker['slope_bps'])} bps "
        f"({bps(ticker['slope_low_bps'])} to {bps(ticker['slope_high_bps'])}, 95 %) from the next open to the next "
        f"close ({written(ticker['q'])}, n = {ticker['n']:,} sessions)."
    )
    if not is_evidence(ticker):
        return f"No evidence that talk goes before price: {came}"
    direction = "higher" if ticker["slope_bps"] > 0 else "lower"
    return f"Evidence: higher sentiment goes before {direction} returns; {came}"


def is_evidence(row: Row) -> bool:
    """Whether the stored verdict of a row is evidence."""
    return row["verdict"].startswith("evidence")


def same_session_sentence(ticker: Row) -> str | None:
    """What the session itself shows, and why nobody could have earned it."""
    if ticker["same_correlation"] is None:
        return None
    found = (
        "go together" if ticker["same_q"] is not None and ticker["same_q"] <= MAX_Q else "do not clearly go together"
    )
    q = f", {written(ticker['same_q'])}" if ticker["same_q"] is not None else ""
    return (
        f"Within one session the two {found} (correlation {signed(ticker['same_correlation'], 2)}{q}, "
        f"n = {ticker['same_n']:,}). That return began before the texts: nobody could have earned it."
    )


def out_of_sample_sentence(ticker: Row) -> str | None:
    """Whether it held in the later part of the sessions, which no earlier one reaches into."""
    if ticker["out_of_sample_ic"] is None:
        return None
    p = ticker["p_out_of_sample"]
    tested = f"p = {p:.3f} with HAC errors, " if p is not None else ""
    return (
        f"In the last sessions alone, after seven tenths of them and an embargo of twenty: correlation "
        f"{signed(ticker['out_of_sample_ic'], 2)} ({tested}n = {ticker['n_out_of_sample']:,})."
    )


def summary_sentence(tickers: list[Row]) -> str:
    """How many tickers have evidence, and which."""
    tested = [row for row in tickers if row["q"] is not None]
    found = [row["ticker"] for row in sorted(tested, key=lambda row: row["q"]) if is_evidence(row)]
    if not tested:
        return "Nothing is tested yet: a ticker needs prices and thirty sessions with text."
    many = f"{len(found):,} of {len(tested):,} tickers tested"
    if not found:
        none = f"on none of {len(tested):,} tickers tested"
        return f"No evidence that sentiment goes before the next session's return, {none}."
    named = ", ".join(found[:12]) + (", …" if len(found) > 12 else "")
    return f"Evidence that sentiment goes before the next session's return on {many}: {named}."


def bps(value: float) -> str:
    """Basis points with their sign."""
    return signed(value, 0)


def signed(value: float, digits: int) -> str:
    """A number with its sign, minus as typographers have it; never a negative zero."""
    text = f"{value:+,.{digits}f}"
    if float(text.replace(",", "")) == 0:
        return text[1:]
    return text.replace("-", "\N{MINUS SIGN}")


def upper(text: str) -> str:
    """With a capital first letter."""
    return text[:1].upper() + text[1:]
