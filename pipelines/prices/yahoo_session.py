"""A session for yfinance that asks Yahoo with our limits and waits, and keeps what Yahoo answered.

Yahoo answers 429 to whoever does not greet it as a browser does, so yfinance brings curl_cffi, which ``Web`` cannot
be: this is the one way past it, and the same for a Yahoo that is played on this machine. yfinance's own part is the
cookie, the crumb and the consent page; of limits, retries and messages ``Web`` remains the judge.

Here: the session, one chart. Not here: what is asked and what it means (``yfinance_bars.py``).
"""

import io
import logging
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3
from curl_cffi.curl import CURL_WRITEFUNC_ERROR
from curl_cffi.requests import Response, Session
from curl_cffi.requests.exceptions import RequestException
from yfinance.data import YfData

from pipelines.sources.answers import KEPT_HEADERS, Answer, Refused, SourceDown, TooLarge
from pipelines.sources.web import CONNECT_SECONDS, Passing, Web

CHART = "/v8/finance/chart/"
COOKIE_SECONDS = 15.0  # a chart comes without a cookie too, most of the time
COOKIE_BYTES = 4 * 2**20
OTHER_COOKIE_HELPS = (401, 403)
SAID_OF_A_SYMBOL = (400, 404, 422)  # Yahoo's JSON says what: no such symbol, no such days

logging.getLogger("yfinance").setLevel(logging.CRITICAL)  # it says what we raise, and cookies when asked to


class Browser(Session):
    """curl_cffi's session as yfinance uses it; of a chart, ``response.answer`` is what can be landed."""

    def __init__(self, web: Web) -> None:
        """Greets as Chrome does; no proxy of the machine's environment, as everywhere here."""
        super().__init__(impersonate="chrome", trust_env=False)
        self.web = web

    def request(self, method: str, url: str, *, params: Any = None, timeout: Any = None, **options: Any) -> Response:
        """One question. For a chart everything that is no answer raises as ``Web`` does, so that it is tried again."""
        parts = urlsplit(url)
        is_chart = parts.path.startswith(CHART)
        manners = self.web.manners
        seconds = manners.whole_seconds if is_chart else min(manners.whole_seconds, COOKIE_SECONDS)
        most = manners.answer_bytes if is_chart else min(manners.answer_bytes, COOKIE_BYTES)
        origin = self._at(parts.scheme, parts.netloc)
        shown = self.web.hide(origin + parts.path + _query(params))
        body = bytearray()

        def take(piece: bytes) -> int:
            body.extend(piece)
            return len(piece) if len(body) <= most else CURL_WRITEFUNC_ERROR

        self.web.pause()
        asked_at = self.web.now()
        options["allow_redirects"] = False if is_chart else "safe"  # the way to a cookie leads over several hosts
        try:
            response = super().request(
                method,
                origin + (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
                params=params,
                timeout=(min(CONNECT_SECONDS, seconds / 2), seconds / 2),
                content_callback=take,
                **options,
            )
        except RequestException as error:
            if len(body) > most:
                raise TooLarge(f"{self.web.source}: {shown} sends more than the {most:,} bytes allowed") from None
            if not is_chart:
                raise
            reason = self.web.hide(f"{type(error).__name__}: {error}")[:300]
            raise Passing(SourceDown(f"{self.web.source}: no whole answer from {shown} ({reason})")) from None
        response.content = bytes(body)
        if is_chart:
            self._judge(response, shown)
            kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
            self.web.compare_clocks(kept.get("date"), asked_at)
            response.answer = Answer(shown, asked_at, response.content, response.status_code, kept)
            if response.status_code in SAID_OF_A_SYMBOL:
                response.status_code = 200  # else yfinance thinks its cookie bad, and asks for all of it again
        return response

    def _judge(self, response: Response, shown: str) -> None:
        """Raise for what is no answer and would be none with another cookie."""
        status = response.status_code
        if 300 <= status < 400:
            raise Refused(f"{self.web.source}: {shown} redirects elsewhere; is the address in crowdtape.toml right?")
        is_said = status in SAID_OF_A_SYMBOL and response.content.lstrip()[:1] == b"{"
        if status not in OTHER_COOKIE_HELPS and not is_said:
            refuse(self.web, response, shown)

    def _at(self, scheme: str, host: str) -> str:
        """The origin to ask: Yahoo's own hosts, or the one that the user set for all of them."""
        own = urlsplit(self.web.base_url)
        is_yahoo = (own.hostname or "").endswith(".yahoo.com")
        return f"{scheme}://{host}" if is_yahoo else self.web.base_url.rstrip("/")


class Cookies(YfData):
    """yfinance's cookie and crumb, kept in memory and not in a database in the user's home."""

    def _load_cookie_curlCffi(self) -> bool:
        return False

    def _save_cookie_curlCffi(self) -> bool:
        return False


def ask_chart(web: Web, path: str, params: dict[str, Any]) -> Answer:
    """Yahoo's answer for the chart at ``path``, as it came. Raises ``FetchFailed``, or ``Passing`` to try again."""
    browser, cookies = _yahoo(web.base_url)
    browser.web = web
    response = cookies.get(f"https://query2.finance.yahoo.com{path}", params, timeout=None)
    answer = response.answer
    if response.status_code in OTHER_COOKIE_HELPS:
        refuse(web, response, answer.url)
    return answer


def refuse(web: Web, response: Response, shown: str) -> None:
    """Raise what ``Web`` raises for the status of this response."""
    told = {name: response.headers[name] for name in ("retry-after", "date") if name in response.headers}
    body = io.BytesIO(response.content)
    web.refuse(
        urllib3.HTTPResponse(body, told, response.status_code, preload_content=False), shown, is_conditional=False
    )


@lru_cache(maxsize=1)
def _yahoo(base_url: str) -> tuple[Browser, Cookies]:
    """One session for all windows of a run: a cookie and a crumb each would be three questions for one."""
    browser = Browser(Web("yfinance", base_url))
    # Past the singleton of yfinance, which would carry the cookies of one address to another.
    return browser, type.__call__(Cookies, session=browser)


def _query(params: dict[str, Any] | None) -> str:
    """The query as it is shown and landed: without the crumb, which is a secret of this session."""
    shown = {name: value for name, value in (params or {}).items() if name != "crumb"}
    return f"?{urlencode(shown)}" if shown else ""
