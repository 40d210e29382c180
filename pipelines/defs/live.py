"""What the steps of live services are given: what to follow, how to ask, what to do with days that were answered.

Not here: asking (``pipelines/sources``), the steps (``sources.py``, ``ingest.py``).
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import dagster as dg

from pipelines.settings import Settings
from pipelines.sources.follow import Follow, Section, read_follow
from pipelines.sources.services import service
from pipelines.sources.web import Manners, Web
from pipelines.sql_files import SQL
from pipelines.text.instruments import read_instruments


class Live(dg.ConfigurableResource):
    """The live services: what is followed there, how they are asked, how long their answers are kept.

    Secrets are not here: the UI shows resources.
    """

    follow: str
    landing_days: int = 30
    source_seconds: float = 1_200.0
    answer_seconds: float = Manners.whole_seconds
    answer_bytes: int = Manners.answer_bytes
    first_wait_seconds: float = Manners.first_wait_seconds
    longest_wait_seconds: float = Manners.longest_wait_seconds

    def followed(self) -> Follow:
        """What to follow; ``BadFollow`` says what is wrong with the file."""
        listed = read_instruments(SQL / "reference" / "instruments.csv")["ticker"].to_pylist()
        return read_follow(Path(self.follow), listed)

    def web(self, source: str, section: Section, keys: Mapping[str, str], say: Callable[[str], object]) -> Web:
        """The way to one service, which gets the secrets it needs and no others."""
        asked = service(source)
        pause = asked.PAUSE_SECONDS if section.pause_seconds is None else section.pause_seconds
        manners = Manners(
            pause_seconds=pause,
            first_wait_seconds=self.first_wait_seconds,
            longest_wait_seconds=self.longest_wait_seconds,
            whole_seconds=self.answer_seconds,
            answer_bytes=self.answer_bytes,
        )
        own = {name: key for name, key in keys.items() if name.startswith(source)}
        return Web(source, section.base_url or asked.BASE_URL, own, manners, say=say)


class Landing(dg.ConfigurableResource):
    """What one run does with windows of its days that were answered before; apart, so that a run can set this alone.

    ``refetch`` true asks for them again; false asks nothing and reads the landed answers of the days anew, as after a
    parser was mended; None leaves alone what is not due.
    """

    refetch: bool | None = None


def live(settings: Settings) -> Live:
    """The live services as these settings ask them."""
    return Live(
        follow=str(settings.follow),
        landing_days=settings.landing_days,
        source_seconds=60.0 * settings.source_minutes,
        answer_seconds=float(settings.answer_seconds),
        answer_bytes=settings.max_answer_mb * 2**20,
    )
