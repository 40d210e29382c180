"""A ``requests`` session for the libraries that know a service (PRAW, ccxt): it asks through ``Web``, answers are kept.

So they get our limits, waits and retries, and what the service answered can be landed as it came.
Not here: what they ask.
"""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from pipelines.sources.answers import Answer
from pipelines.sources.web import Web


class ThroughWeb(BaseAdapter):
    """Sends a library's requests through ``Web``; ``is_kept`` tells by its address whether an answer is landed."""

    def __init__(self, web: Web, is_kept: Callable[[str], bool], check: Callable[[Answer], object]) -> None:
        """No answers yet."""
        super().__init__()
        self._web = web
        self._is_kept = is_kept
        self._check = check
        self._answers: deque[Answer] = deque()

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """One answer for the library; ``FetchFailed`` where there is none."""
        body = request.body.encode() if isinstance(request.body, str) else request.body
        answer = self._web.send(request.method or "GET", request.url or "", dict(request.headers), body, self._check)
        if self._is_kept(answer.url):
            self._answers.append(self._web.hidden(answer))
        response = requests.Response()
        response.status_code = answer.status
        response.headers = CaseInsensitiveDict(answer.headers)
        response.url = answer.url
        response.encoding = "utf-8"
        response.request = request
        response._content, response._content_consumed = answer.body, True
        return response

    def close(self) -> None:
        """Nothing is held open."""

    def kept(self) -> Iterator[Answer]:
        """The answers since the last call, in their order."""
        while self._answers:
            yield self._answers.popleft()


def session_through(
    web: Web, is_kept: Callable[[str], bool] = lambda url: True, check: Callable[[Answer], object] = lambda answer: None
) -> tuple[requests.Session, ThroughWeb]:
    """A session whose every request goes through ``web``, and the adapter that holds its answers.

    ``is_kept`` tells by the address which answers are landed; one for which ``check`` raises ``WrongShape`` is asked
    for again before the library sees it.
    """
    session, adapter = requests.Session(), ThroughWeb(web, is_kept, check)
    session.trust_env = False  # no proxy or .netrc of the machine: what is asked is what is set here
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session, adapter
