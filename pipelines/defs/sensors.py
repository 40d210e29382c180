"""What makes something run, beside the clock (``schedules.py``): a close, a file in the inbox, days not built yet.

A sensor asks its question, says why it does nothing, and remembers little; it starts nothing twice. What is missing (a
file, a folder, the list of what to follow) is a reason to wait and never an error. Not here: closes
(``pipelines/market/closes.py``), the inbox (``pipelines/sources/inbox_watch.py``).
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import dagster as dg
import msgspec

from pipelines.defs.live import Live
from pipelines.defs.resources import FIRST_DAY, LAST_DAY, SETTINGS, Inbox
from pipelines.defs.schedules import build, daily, is_waiting
from pipelines.market.closes import Close, closes_due, next_close
from pipelines.prices.finished import ALWAYS
from pipelines.sources.follow import BadFollow
from pipelines.sources.inbox_watch import Watched, listing, look
from pipelines.sources.services import SERVICES, service
from pipelines.sources.windows import DAY
from pipelines.unbuilt import Asked, ask_for, ranges_to_build
from pipelines.warehouse import Warehouse

AFTER_A_CLOSE = timedelta(minutes=30)  # bars are final after 15 (finished.py), and vendors are late
RUNNING = dg.DefaultSensorStatus.RUNNING


def over(first: date, last: date) -> dict[str, str]:
    """The tags of a run over UTC days that can be built."""
    return {FIRST_DAY: max(first, SETTINGS.start_day).isoformat(), LAST_DAY: last.isoformat()}


def remembered(cursor: str | None, kind: type[msgspec.Struct]) -> msgspec.Struct | None:
    """What the last look left; nothing where a person or another version has changed it."""
    try:
        return msgspec.json.decode(cursor, type=kind) if cursor else None
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None


@dg.sensor(job=daily, minimum_interval_seconds=60, default_status=RUNNING)
def after_the_close(context: dg.SensorEvaluationContext, live: Live) -> dg.SensorResult:
    """Runs `daily` half an hour after each close of the exchanges whose prices are followed, half days too.

    Prices first, then what rests on them. Closes that were missed, as by a laptop asleep, are one run over their days.
    Coins close at midnight UTC, which the schedule `daily` is for.
    """
    try:
        calendars = calendars_followed(live, SETTINGS.source_names) - {ALWAYS}
    except BadFollow as error:
        return dg.SensorResult(skip_reason=str(error))
    if not calendars:
        return dg.SensorResult(
            skip_reason="no prices of an exchange are followed: CROWDTAPE_SOURCES and crowdtape.toml say what is"
        )
    return run_after(calendars, context.cursor, datetime.now(UTC))


def calendars_followed(live: Live, sources: Iterable[str]) -> set[str]:
    """The calendars of all prices that are asked of ``sources``; ``BadFollow`` where the file cannot be used."""
    prices = [source for source in sources if SERVICES[source].gives == "prices"]
    if not prices:
        return set()
    follow = live.followed()
    return {service(source).calendar(subject) for source in prices for subject in follow.subjects(source)}


def run_after(calendars: Iterable[str], cursor: str | None, now: datetime) -> dg.SensorResult:
    """One run for the closes since the last one handled, the ``cursor`` (ISO 8601); the first look asks for nothing."""
    until = now - AFTER_A_CLOSE
    handled = moment(cursor) or until
    if handled > until + DAY:  # the clock was wrong; hours alone are waited for, so that nothing runs twice
        handled = until
    due = closes_due(calendars, handled, until)
    if due:
        request = dg.RunRequest(run_key=str(due[-1]), tags=over(first_open(due), now.date()))
        return dg.SensorResult(run_requests=[request], cursor=due[-1].close_at.isoformat())
    coming = next_close(calendars, max(handled, until))
    words = f"next: {coming} UTC + {AFTER_A_CLOSE.seconds // 60} min" if coming else "no close within 30 days"
    return dg.SensorResult(skip_reason=words, cursor=handled.isoformat())


def first_open(closes: Iterable[Close]) -> date:
    """The UTC day on which the first of the sessions opened."""
    return min(close.open_at for close in closes).date()


def moment(text: str | None) -> datetime | None:
    """A moment with a zone, or None for what is none."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else None


@dg.sensor(name="inbox", job=build, minimum_interval_seconds=30, default_status=RUNNING)
def inbox_sensor(context: dg.SensorEvaluationContext, inbox: Inbox) -> dg.SensorResult:
    """Runs `build` for what was dropped into the inbox, once it is no longer being written.

    The run takes in everything, and builds today; `unbuilt_days` then asks for the days that the files speak of.
    """
    now = datetime.now(UTC)
    found = listing(inbox.path, now)
    watched, is_new = look(remembered(context.cursor, Watched), found, now)
    cursor = msgspec.json.encode(watched).decode()
    if is_new and is_waiting(context.instance, build.name):
        return dg.SensorResult(skip_reason="a run that waits in the queue will take in what is new", cursor=cursor)
    if is_new:
        request = dg.RunRequest(run_key=found.digest, tags=over(now.date(), now.date()))
        return dg.SensorResult(run_requests=[request], cursor=cursor)
    if watched.new_since:
        words = f"something has changed among {found.file_count:,} files; waiting until it is no longer written"
    elif found.file_count:
        words = f"{found.file_count:,} files, nothing new"
    else:
        words = f"{inbox.path} is empty"
    return dg.SensorResult(skip_reason=words, cursor=cursor)


@dg.sensor(job=build, minimum_interval_seconds=30, default_status=RUNNING)
def unbuilt_days(context: dg.SensorEvaluationContext, warehouse: Warehouse) -> dg.SensorResult:
    """Runs `build` over the days whose texts have come in and are not built: dropped files, threads of other days.

    What the check `every_day_is_built` finds in the published file, after each time that it was published.
    """
    today = datetime.now(UTC).date()
    asked = remembered(context.cursor, Asked) or Asked()
    found = ranges_to_build(warehouse.published, asked)
    if isinstance(found, str):
        return dg.SensorResult(skip_reason=found)
    wanted, asked = ask_for(found, asked, (SETTINGS.start_day, today), today)
    requests = [
        dg.RunRequest(run_key=f"{one.first}...{one.last} {asked.file}", tags=over(one.first, one.last))
        for one in wanted
    ]
    words = None if requests else f"{len(found.ranges)} ranges of days are not built, and were asked for before"
    if not found.ranges:
        words = "every day is built"
    return dg.SensorResult(run_requests=requests, skip_reason=words, cursor=msgspec.json.encode(asked).decode())
