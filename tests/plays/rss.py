"""A feed of 25 invented items with their pages on the same server, its robots.txt, and the ways in which items lack.

One item has no date, one no link, one a page that is not there, one a page that robots.txt keeps; one is a download.
"""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from pipelines.sources.windows import Subject, Window
from tests.local_service import Asked, Reply

NAME = "rss"
WINDOW = Window(datetime(2026, 5, 30, tzinfo=UTC), datetime(2026, 5, 31, tzinfo=UTC))
NOW = datetime(2026, 5, 30, 12, tzinfo=UTC)
KEYS: dict[str, str] = {}

ITEMS = 25
UNDATED, UNLINKED, GONE, KEPT, DOWNLOAD = 4, 9, 13, 17, 21
NEWEST = datetime(2026, 5, 30, 11, 30, tzinfo=UTC)
ETAG = '"invented-0001"'
ROBOTS = b"User-agent: *\nDisallow: /kept/\nCrawl-delay: 2\n"
SENTENCE = "Report {number} says that memory prices rose again and that the makers plan {number} new lines this year."


def subject(url: str, kind: str = "feed") -> Subject:
    """The feed of the server at ``url``, whose port is not known before."""
    return Subject(kind, f"{url}/feed.xml")


def play(asked: Asked) -> Reply:
    """The feed, a page, robots.txt; 404 for anything else."""
    if asked.path == "/feed.xml":
        headers = {"Content-Type": "application/rss+xml; charset=utf-8", "ETag": ETAG}
        if asked.headers.get("if-none-match") == ETAG:
            return Reply(status=304, headers=headers)
        return Reply(feed(f"http://{asked.headers['host']}").encode(), headers=headers)
    if asked.path == "/robots.txt":
        return Reply(ROBOTS, headers={"Content-Type": "text/plain"})
    folder, _, number = asked.path.rpartition("/")
    if folder in ("/news", "/kept") and number.isdigit() and int(number) < ITEMS and int(number) != GONE:
        if int(number) == DOWNLOAD:
            return Reply(b"%PDF-1.7 invented", headers={"Content-Type": "application/pdf"})
        return Reply(page(int(number)).encode(), headers={"Content-Type": "text/html; charset=utf-8"})
    return Reply(b"<html><body><h1>Not here</h1></body></html>", 404, {"Content-Type": "text/html"})


def feed(url: str) -> str:
    items = "".join(item(number, url) for number in range(ITEMS))
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel><title>Invented Memory News</title>'
        f"<link>{url}/</link><language>en-us</language>{items}</channel></rss>"
    )


def item(number: int, url: str) -> str:
    published = format_datetime(NEWEST - timedelta(minutes=7 * number), usegmt=True)
    date = "" if number == UNDATED else f"<pubDate>{published}</pubDate>"
    link = "" if number == UNLINKED else f"<link>{url}{path(number)}?utm_source=feed</link>"
    return (
        f"<item><title>Report &amp;lt;b&amp;gt;{number}&amp;lt;/b&amp;gt; on memory &amp;amp; more</title>{link}{date}"
        f'<guid isPermaLink="false">invented-{number}</guid><author>desk@example.com (Desk {number % 3})</author>'
        f"<description>&lt;p&gt;Summary {number}.&lt;/p&gt;</description></item>"
    )


def path(number: int) -> str:
    return f"/kept/{number}" if number == KEPT else f"/news/{number}"


def page(number: int) -> str:
    paragraphs = "".join(f"<p>{SENTENCE.format(number=number * 10 + place)}</p>" for place in range(8))
    return (
        f"<!doctype html><html><head><title>Report {number}</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<main><article><h1>Report {number}</h1>{paragraphs}</article></main><footer>Invented</footer></body></html>"
    )
