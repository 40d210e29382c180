"""Asking a service over HTTP, with manners: limits, retries, waiting as told, and no secret in anything it says.

Here: ``Web``, through which every source asks, PRAW, ccxt and yfinance among them (``pipelines/sources/sessions.py``).
Not here: which addresses data may name (``public.py``), what is asked (one file per service), where answers are kept.
"""

import json
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any, TypeVar
from urllib.parse import SplitResult, quote, quote_plus, urlencode

import msgspec
import tenacity
import urllib3

from pipelines.sources.answers import (
    KEPT_HEADERS,
    Answer,
    FetchFailed,
    Refused,
    SourceDown,
    Throttled,
    TooLarge,
    WrongShape,
    decoded,
    sample,
)
from pipelines.sources.connections import CONNECT_SECONDS as CONNECT_SECONDS
from pipelines.sources.connections import USER_AGENT as USER_AGENT
from pipelines.sources.connections import answering
from pipelines.sources.headers import CONDITIONS, conditions, moment_of, told_seconds
from pipelines.sources.public import port_of, public_address, split_url
from pipelines.sources.streams import decode

Shape = TypeVar("Shape")
Result = TypeVar("Result")

READ_BYTES = 64 * 2**10
MOST_REDIRECTS = 5
PASSING = (408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524)
PACKINGS = ("", "identity", "gzip", "x-gzip", "deflate")  # no chain of them: each link multiplies the work
UNSAID_WAIT = timedelta(minutes=15)  # after a 429 that does not say how long
CLOCK_SKEW = timedelta(minutes=5)
LONGEST_HEADER = 1_000  # of those kept
NO_SECRET = "_handle"  # the end of a key that is only a name


@dataclass(frozen=True)
class Manners:
    """How a service is asked; see ``pipelines/settings.py`` for the reasons. Seconds and bytes."""

    pause_seconds: float = 1.0  # at least so long between two questions
    tries: int = 4
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 60.0  # a longer Retry-After ends the window until then
    whole_seconds: float = 60.0  # of one answer, however slowly it drips
    answer_bytes: int = 32 * 2**20


class Passing(Exception):
    """A fault that may pass: tried again after ``wait_seconds``, or with growing waits."""

    def __init__(self, failure: FetchFailed, wait_seconds: float | None = None) -> None:
        """What is raised when no try is left."""
        super().__init__(str(failure))
        self.failure = failure
        self.wait_seconds = wait_seconds


@dataclass
class Web:
    """One source's way to the network during one run.

    ``base_url`` is the service's address, or the one that the user set for it, which may be local. ``keys`` are its
    secrets by setting name (``reddit_client_id``); they appear in no message. ``remembered`` holds the ``etag`` and
    ``last-modified`` of addresses that were answered before; ``landed`` the addresses that need not be asked again,
    ``tokens`` what a service gave for this run (tell ``keep_secret`` of it, too).
    """

    source: str
    base_url: str = ""
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    manners: Manners = field(default_factory=Manners)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], object] = time.sleep
    say: Callable[[str], object] = lambda line: None
    remembered: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    landed: frozenset[str] = frozenset()
    question_count: int = 0
    tokens: dict[str, str] = field(default_factory=dict, repr=False)
    _tokens: list[str] = field(default_factory=list, repr=False)
    _last_at: float | None = field(default=None, repr=False)
    _is_skew_said: bool = field(default=False, repr=False)

    def key(self, name: str) -> str:
        """The secret ``name``; ``Refused`` says which variable to set where it is missing."""
        if not self.keys.get(name):
            variable = f"CROWDTAPE_{name.upper()}"
            raise Refused(f"{self.source} needs {variable}: set it in .env (docs/sources/{self.source}.md says how)")
        return self.keys[name]

    def json(
        self,
        url: str,
        shape: type[Shape],
        params: Mapping[str, Any] | None = None,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        secret_params: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> tuple[Answer, Shape]:
        """Ask an address below ``base_url`` and read its JSON; an answer of another shape is asked for again.

        ``secret_params`` go into the query and into nothing else. No redirect is followed. No secret is in the answer;
        what is read of it is as it came, for it may be a token. Raises ``FetchFailed``.
        """

        def once() -> tuple[Answer, Shape]:
            answer = self._stayed(self._once(method, split_url(url), params, headers, secret_params, body))
            shown = self.hidden(answer)
            try:
                return shown, decoded(self.source, answer, shape, shown)
            except WrongShape as error:
                raise Passing(WrongShape(self.hide(str(error)))) from None

        return self.tried(once)

    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        check: Callable[[Answer], object] = lambda answer: None,
    ) -> Answer:
        """Ask for a library that knows its service (``sessions.py``); no redirect.

        An answer for which ``check`` raises ``WrongShape`` is asked for again. The body is as it came, for it may be a
        token that the library needs: keep only what is ``hidden``.
        """

        def once() -> Answer:
            answer = self._stayed(self._once(method, split_url(url), None, headers, None, body))
            try:
                check(answer)
            except WrongShape as error:
                raise Passing(WrongShape(self.hide(str(error)))) from None
            return answer

        return self.tried(once)

    def get(self, url: str, *, is_set_by_user: bool = False, is_conditional: bool = False) -> Answer | None:
        """A feed or a page, through at most five redirects, each to a public host; None where it has not changed.

        The first address may be local where the user set it, and then redirects within it; any other must be public.
        A redirect from https to http is followed: such addresses are asked anyway, and no key goes along.
        """
        first = split_url(url)

        def once() -> Answer | None:
            asked = first
            for _ in range(MOST_REDIRECTS + 1):
                is_trusted = is_set_by_user and _origin(asked) == _origin(first)
                known = self.remembered.get(url, {}) if is_conditional and asked == first else {}
                answer = self._once("GET", asked, headers=conditions(known), is_trusted=is_trusted)
                if answer.status == 304:
                    return None
                if "location" not in answer.about:
                    return self.hidden(answer)
                asked = split_url(self.hide(answer.about["location"]), asked.geturl())
            raise Refused(f"{self.source}: {self.hide(url)} redirects more than {MOST_REDIRECTS} times")

        return self.tried(once)

    def keep_secret(self, secret: str) -> None:
        """Hide a secret that the service gave for this run, such as a token."""
        if secret not in self._tokens:
            self._tokens.append(secret)

    def hide(self, text: str) -> str:
        """``text`` without any secret of this source, however it is written."""
        for secret in self._secrets():
            text = text.replace(secret, "***")
        return text

    def hidden(self, answer: Answer) -> Answer:
        """The answer without any secret of this source in its body; some services repeat the key in what they say."""
        body = answer.body
        for secret in self._secrets():
            body = body.replace(secret.encode(), b"***")
        return msgspec.structs.replace(answer, body=body)

    def _secrets(self) -> list[str]:
        keys = [key for name, key in self.keys.items() if key and not name.endswith(NO_SECRET)]
        return sorted(_written(keys, self._tokens), key=len, reverse=True)

    def _stayed(self, answer: Answer) -> Answer:
        """The answer of an interface, which has no reason to be elsewhere."""
        if "location" in answer.about:
            raise Refused(f"{self.source}: {answer.url} redirects elsewhere; is the address in crowdtape.toml right?")
        return answer

    def pause(self) -> None:
        """Wait until the service may be asked its next question."""
        now = time.monotonic()
        if self._last_at is not None and (left := self._last_at + self.manners.pause_seconds - now) > 0:
            self.sleep(left)
        self._last_at = time.monotonic()
        self.question_count += 1

    def tried(self, once: Callable[[], Result]) -> Result:
        """What ``once`` gives; where it raises ``Passing`` it is asked again, with growing waits or as it was told."""
        growing = tenacity.wait_exponential_jitter(
            multiplier=self.manners.first_wait_seconds,
            max=self.manners.longest_wait_seconds,
            jitter=self.manners.first_wait_seconds,
        )

        def wait(state: tenacity.RetryCallState) -> float:
            told = state.outcome.exception().wait_seconds
            return growing(state) if told is None else told

        attempts = tenacity.Retrying(
            stop=tenacity.stop_after_attempt(self.manners.tries),
            wait=wait,
            retry=tenacity.retry_if_exception_type(Passing),
            sleep=self.sleep,
            before_sleep=lambda state: self.say(f"{self.hide(str(state.outcome.exception()))}; trying again"),
            reraise=True,
        )
        try:
            return attempts(once)
        except Passing as error:
            raise error.failure from None

    def _once(
        self,
        method: str,
        parts: SplitResult,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        secret_params: Mapping[str, str] | None = None,
        body: bytes | None = None,
        *,
        is_trusted: bool = True,
    ) -> Answer:
        """One question, one answer; ``Passing`` where trying again may help."""
        query = "&".join(filter(None, [parts.query, urlencode(params or {}, doseq=True)]))
        shown = self.hide(parts._replace(query=query, fragment="").geturl())
        sent = "&".join(filter(None, [query, urlencode(secret_params or {})]))
        self.pause()
        asked_at = self.now()
        try:
            address = None if is_trusted else public_address(parts)
            with answering(method, parts, address, sent, headers, body, self.manners.whole_seconds) as response:
                self.compare_clocks(response.headers.get("date"), asked_at)
                location = response.get_redirect_location()
                self.refuse(response, shown, is_conditional=bool(set(CONDITIONS.values()) & set(headers or ())))
                whole = b"" if location or response.status in (204, 304) else self._whole(response, shown)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            reason = self.hide(f"{type(error).__name__}: {error}")[:300]
            raise Passing(SourceDown(f"{self.source}: no whole answer from {shown} ({reason})")) from None
        found = {name: response.headers.get(name, "") for name in KEPT_HEADERS}
        kept = {name: self.hide(value) for name, value in found.items() if 0 < len(value) <= LONGEST_HEADER}
        about = {"location": decode(location.encode("latin-1", "replace"))} if location else {}
        return Answer(shown, asked_at, whole, response.status, kept, about)

    def _whole(self, response: urllib3.BaseHTTPResponse, shown: str) -> bytes:
        """The body, unpacked piece by piece, so that a bomb is met at the limit and not after it."""
        self._refuse_packing(response, shown)
        body = bytearray()
        while piece := response.read1(READ_BYTES, decode_content=True):
            body += piece
            if len(body) > self.manners.answer_bytes:
                most = self.manners.answer_bytes
                raise TooLarge(f"{self.source}: {shown} sends more than the {most:,} bytes that are allowed")
        return bytes(body)

    def refuse(self, response: urllib3.BaseHTTPResponse, shown: str, *, is_conditional: bool) -> None:
        """Raise for a status that is no answer."""
        status = response.status
        if status == 429 or (status == 503 and "retry-after" in response.headers):
            self._throttled(told_seconds(response.headers, self.now()), shown, status)
        is_unchanged = status == 304 and is_conditional
        is_nowhere = 300 <= status < 400 and not response.get_redirect_location() and not is_unchanged
        if status < 200 or status == 206 or is_nowhere or status in PASSING:
            raise Passing(SourceDown(f"{self.source}: {shown} sent status {status}"))
        if status >= 400:
            self._refuse_packing(response, shown)
            body = response.read(READ_BYTES, decode_content=True)
            hint = "; is the key right?" if status in (401, 403) and self.keys else ""
            told = self.hidden(Answer(shown, self.now(), body))
            said = f"{self.source}: {shown} refused with status {status}{hint}; it said {sample(told)}"
            raise Refused(said, status, told.body)

    def _refuse_packing(self, response: urllib3.BaseHTTPResponse, shown: str) -> None:
        """Raise for a body that is packed in a way that was not asked for."""
        packing = response.headers.get("content-encoding", "").strip().lower()
        if packing not in PACKINGS:
            said = self.hide(f"status {response.status}, packed as {packing!r}")[:100]
            raise Refused(f"{self.source}: {shown} sent {said}, which was not asked for")

    def _throttled(self, seconds: float | None, shown: str, status: int) -> None:
        until = self.now() + (UNSAID_WAIT if seconds is None else timedelta(seconds=seconds))
        failure = Throttled(
            f"{self.source}: {shown} sent status {status} and may be asked again at {until:%Y-%m-%d %H:%M:%S} UTC",
            until,
        )
        if seconds is not None and seconds > self.manners.longest_wait_seconds:
            raise failure
        raise Passing(failure, seconds)

    def compare_clocks(self, date: str | None, asked_at: datetime) -> None:
        """Say once where the service's clock and ours are minutes apart."""
        theirs = moment_of(date)
        if theirs is None or self._is_skew_said:
            return
        skew = asked_at - theirs
        if abs(skew) > CLOCK_SKEW:
            self._is_skew_said = True
            minutes = skew.total_seconds() / 60
            self.say(f"{self.source}: this machine's clock is {minutes:+.0f} minutes from the service's; set it right")


def _written(keys: list[str], tokens: list[str]) -> set[str]:
    """Every way in which secrets may come back: plain, in a query, in JSON, in base64, keys in pairs (HTTP Basic)."""
    secrets = [*keys, *filter(None, tokens)]
    pairs = [f"{one}:{other}" for one, other in permutations([*keys, ""], 2)]
    return {
        *secrets,
        *(write(secret) for secret in secrets for write in (quote, quote_plus, lambda secret: quote(secret, safe=""))),
        *(json.dumps(secret)[1:-1] for secret in secrets),
        *(b64encode(each.encode()).decode() for each in [*secrets, *pairs]),
    }


def _origin(parts: SplitResult) -> tuple[str, str | None, int]:
    return parts.scheme, parts.hostname, port_of(parts)
