"""``make try SOURCE=hackernews QUERY=micron``: ask a live service once and show ten rows. Nothing is written.

QUERY is what to follow there: a search (hackernews, bluesky), a subreddit (reddit), a ticker (stocktwits, yfinance,
alphavantage), exchange:COIN/CURRENCY (ccxt) or the address of a feed (rss). Another kind goes before a colon, as in
reddit search:micron, rss headlines:https://… or yfinance minutes:MU. Asked for are texts of today, then of up to six
days before, or of DAY alone; of prices the year. Keys are read from the environment and from .env, as in a run.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, timedelta

from pipelines.defs.live import live
from pipelines.prices.rows import PriceBatch
from pipelines.printable import printable
from pipelines.settings import BadSettings, read_settings
from pipelines.sources.answers import FetchFailed, Incomplete
from pipelines.sources.follow import BadFollow, one_subject
from pipelines.sources.rows import Batch, Limits
from pipelines.sources.services import SERVICES, fetch, service
from pipelines.sources.web import Web
from pipelines.sources.windows import Subject
from pipelines.terminal import bar
from pipelines.text.clean import clean

SHOWN = 10
WIDTH = 150
DAYS_BACK = 7


def main(arguments: list[str] | None = None) -> None:
    """Show what a service gives; exits with 1 and the reason where it gives nothing."""
    parser = argparse.ArgumentParser(
        prog="make try",
        usage="make try SOURCE=hackernews QUERY=micron [DAY=2026-05-28]",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", choices=sorted(SERVICES), help="the service")
    parser.add_argument("query", help="what to follow there")
    parser.add_argument("--day", type=date.fromisoformat, help="a UTC day; of prices its year")
    asked = parser.parse_args(arguments)
    try:
        settings = read_settings()
        subject = one_subject(asked.source, asked.query)
        section = live(settings).followed().section(asked.source)
        web = live(settings).web(asked.source, section, settings.keys, lambda line: None)
        last = asked.day or web.now().date()
        first = asked.day or last - timedelta(days=DAYS_BACK - 1)
        with followed(web, subject) as follow:
            rows, missing = first_rows(web, subject, first, last, settings.limits, follow)
    except (FetchFailed, BadFollow, BadSettings) as error:
        sys.exit(printable(str(error)))
    print("\n".join(rows) or f"{asked.source} has nothing on {subject} from {first} to {last}")
    if missing:
        print(printable(f"not whole: {missing}"), file=sys.stderr)


@contextmanager
def followed(web: Web, subject: Subject) -> Iterator[Callable[[str, int], object]]:
    """While the block lasts, a bar shows the rows so far and what is asked; gives what ``first_rows`` tells it by.

    What ``web`` has to say, as of a wait, stands there until the next question.
    """
    window, said = "", (0, "")

    def words() -> str:
        question, line = said
        if line and question == web.question_count:
            return line
        return f"{subject.name} {window}, question {web.question_count}"

    def say(line: str) -> None:
        nonlocal said
        said = web.question_count, line

    with bar(SHOWN, "rows", words) as shown:

        def follow(asked: str, row_count: int) -> None:
            nonlocal window
            window = asked
            shown.update(row_count - shown.n)

        web.say = say
        yield follow


def first_rows(
    web: Web,
    subject: Subject,
    first: date,
    last: date,
    limits: Limits,
    follow: Callable[[str, int], object] = lambda window, row_count: None,
) -> tuple[list[str], str]:
    """Ten rows as lines, each once, newest day first, and what the service could not give, if anything.

    The service is asked no further than the rows need. ``follow`` is given what it is asked for, in words, and how
    many rows there are so far. Raises ``FetchFailed``.
    """
    rows: dict[str, None] = {}
    missing = ""
    windows = service(web.source).windows(subject, first, last, web.now())
    for number, window in enumerate(reversed(windows), 1):
        name = f"{window.first} ({number} of {len(windows)})"
        follow(name, len(rows))
        try:
            for batch in fetch(web, subject, window, limits):
                rows |= dict.fromkeys(shown_lines(batch))
                follow(name, min(len(rows), SHOWN))
                if len(rows) >= SHOWN:
                    return list(rows)[:SHOWN], missing
        except Incomplete as error:
            missing = str(error)
    return list(rows), missing


def shown_lines(batch: Batch | PriceBatch) -> list[str]:
    """The rows of a batch for a terminal: cleaned, and nothing in them that a terminal would obey."""
    if isinstance(batch, PriceBatch):
        return [fitted(_bar_line(row)) for row in batch.prices.to_pylist()]
    return [fitted(_text_line(row)) for row in clean(batch.texts).to_pylist()]


def fitted(text: str) -> str:
    """One line without control characters, cut to the width of a screen."""
    return printable(" ".join(text.split()))[:WIDTH]


def _bar_line(row: dict) -> str:
    moment = row["start_at"] or row["trading_day"]
    figures = "  ".join(f"{name} {row[name]}" for name in ("open", "high", "low", "close", "volume"))
    return f"{moment:%Y-%m-%d %H:%M}  {row['ticker']}  {row['bar']}  {figures}"


def _text_line(row: dict) -> str:
    moment = row["published_at"] or row["fetched_at"]
    words = " ".join(filter(None, [row["title"], row["body"]]))
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}  {row['kind']}  {row['author'] or '-'}  {words}"


if __name__ == "__main__":
    main()
