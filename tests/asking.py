"""Asking a service that is played on this machine: what came, what was asked, how it ended."""

from types import ModuleType
from typing import Any

import pyarrow as pa

from pipelines.sources.answers import Answer
from pipelines.sources.rows import Batch, Limits, batch
from pipelines.sources.web import Manners, Web
from pipelines.sources.windows import Subject, Window
from tests.local_service import Asked, LocalService, Play

BRISK = {"pause_seconds": 0, "first_wait_seconds": 0.01, "tries": 2}


class Came(list[Answer]):
    """The answers in their order; ``error`` is what ended them, if not their end."""

    asked: list[Asked]
    error: Exception | None = None


def ask(
    service: ModuleType,
    played: ModuleType,
    play: Play | None = None,
    subject: Subject | None = None,
    window: Window | None = None,
    keys: dict[str, str] | None = None,
    **manners: Any,
) -> Came:
    """Ask ``service`` on a server with the play, or one that differs from it."""
    came = Came()
    with LocalService(play or played.play) as local:
        web = Web(
            played.NAME,
            local.url,
            keys=keys or {},
            manners=Manners(**{**BRISK, **manners}),
            now=lambda: played.NOW,
            sleep=lambda seconds: None,
        )
        try:
            for answer in service.ask(web, subject or played.SUBJECT, window or played.WINDOW):
                came.append(answer)
        except Exception as error:
            came.error = error
        came.asked = local.asked
    return came


def read(service: ModuleType, answers: list[Answer]) -> Batch:
    """The rows of the answers as one batch."""
    batches = [batch([]), *service.read(answers, Limits())]
    return Batch(*(pa.concat_tables(tables) for tables in zip(*batches, strict=True)))
