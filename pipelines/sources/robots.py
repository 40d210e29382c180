"""What a site's robots.txt lets us ask, by protego.

Here: asking for the file and reading it, in bounded time. Not here: which pages are asked (``rss.py``).
"""

from urllib.parse import urljoin

from protego import Protego

from pipelines.sources.answers import Refused, SourceDown, TooLarge
from pipelines.sources.streams import decode
from pipelines.sources.web import Web

AGENT = "crowdtape"
MOST_BYTES = 500 * 2**10  # what RFC 9309 asks a reader to read
MOST_LINES, MOST_AGENTS, MOST_PAIRS = 20_000, 2_000, 500_000

NOTHING = "User-agent: *\nDisallow: /"


def rules_for(web: Web, url: str, *, is_set_by_user: bool) -> Protego:
    """The rules of the host of ``url``. Where the host has none, all is allowed.

    Raises ``SourceDown`` or ``Throttled`` where the host cannot say, or sends without end: it is not to be asked now.
    """
    try:
        answer = web.get(urljoin(url, "/robots.txt"), is_set_by_user=is_set_by_user)
    except Refused as error:
        if error.status is not None and 400 <= error.status < 500:  # there are no rules (RFC 9309, 2.3.1.3)
            return parse(b"")
        raise SourceDown(str(error)) from None
    except TooLarge as error:
        raise SourceDown(str(error)) from None
    return parse(answer.body if answer else b"")


def parse(body: bytes) -> Protego:
    """The rules in a robots.txt; a page of HTML holds none. One with too many is taken to forbid everything."""
    whole = decode(body[:MOST_BYTES])
    lines = [line.strip().lower() for line in whole.splitlines()]
    agent_count = sum(line.startswith(("user-agent", "useragent", "user agent")) for line in lines)
    line_count = len(lines) - lines.count("")
    # A group of many agents copies each rule for each of them.
    if line_count > MOST_LINES or agent_count > MOST_AGENTS or agent_count * line_count > MOST_PAIRS:
        return Protego.parse(NOTHING)
    return Protego.parse(whole)
