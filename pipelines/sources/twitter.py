"""X/Twitter v1.1 objects, from the stream or from the REST interface.

The outer tweet is the text; a retweeted or quoted one inside it only gives its counts. The stream sends a
tweet the moment it is posted, so that the outer counts are 0 and the inner ones are those of that moment.
Where the outer ones are not 0 the object was asked for later, and all were seen when the file was saved.
Not here: the v2 interface, notices of deletion and of limits.
"""

from collections.abc import Collection
from datetime import datetime, timedelta, timezone

import msgspec

from pipelines.sources.fields import Found, counted, from_datetime, language, tickers

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class User(msgspec.Struct):
    """Who wrote a tweet."""

    screen_name: str | None = None


class Symbol(msgspec.Struct):
    """A cashtag as Twitter found it."""

    text: str


class Entities(msgspec.Struct):
    """What Twitter found in a tweet's text."""

    symbols: list[Symbol] | None = None


class Extended(msgspec.Struct):
    """The long form of a tweet in the stream's compatibility mode."""

    full_text: str | None = None
    entities: Entities | None = None


class Inner(msgspec.Struct):
    """The tweet that another one retweets or quotes."""

    id_str: str
    favorite_count: int | None = None
    reply_count: int | None = None
    retweet_count: int | None = None


class Tweet(msgspec.Struct):
    """The fields that are read; the many others are skipped."""

    id_str: str
    created_at: str
    text: str | None = None
    full_text: str | None = None
    extended_tweet: Extended | None = None
    user: User | None = None
    lang: str | None = None
    in_reply_to_status_id_str: str | None = None
    retweeted_status: Inner | None = None
    quoted_status: Inner | None = None
    entities: Entities | None = None
    favorite_count: int | None = None
    reply_count: int | None = None
    retweet_count: int | None = None


_TWEET = msgspec.json.Decoder(Tweet)


def recognise(names: Collection[str]) -> bool:
    """Whether a record with these field names is a tweet."""
    return "id_str" in names and "created_at" in names and ("text" in names or "full_text" in names)


def parse(record: str, saved_at: int) -> Found:
    """One text, and the counts of the tweet and of those inside it; ``ValueError`` says what is wrong."""
    tweet = _TWEET.decode(record)
    text_id = _text_id(tweet.id_str)
    published_at = _moment(tweet.created_at)
    long = tweet.extended_tweet or Extended()
    entities = long.entities or tweet.entities
    answered, repeated = tweet.in_reply_to_status_id_str, tweet.retweeted_status
    row = {
        "text_id": text_id,
        "source": "twitter",
        "kind": "comment" if answered else "post",
        "parent_id": _text_id(answered) if answered else None,
        "author": tweet.user and tweet.user.screen_name,
        "body": long.full_text or tweet.full_text or tweet.text,
        "body_format": "html",
        "url": f"https://twitter.com/i/web/status/{tweet.id_str}",
        "language": language(tweet.lang),
        "published_at": published_at,
        "fetched_at": saved_at,
        "time_precision": "exact",
        "is_deleted": False,
        "repost_of": _text_id(repeated.id_str) if repeated else None,
        "symbols": tickers([symbol.text for symbol in (entities and entities.symbols) or ()]),
    }
    own = _positive(tweet)
    observed_at = saved_at if own else published_at
    # Of a retweet, the REST interface repeats the original's counts.
    engagement = [] if repeated else counted(text_id, saved_at, own)
    for inner in (repeated, tweet.quoted_status):
        if inner:
            engagement += counted(_text_id(inner.id_str), observed_at, _counts(inner))
    return Found([row], engagement)


def _counts(tweet: Tweet | Inner) -> dict[str, int | None]:
    return {"likes": tweet.favorite_count, "replies": tweet.reply_count, "reposts": tweet.retweet_count}


def _positive(tweet: Tweet) -> dict[str, int]:
    return {name: value for name, value in _counts(tweet).items() if value and value > 0}


def _text_id(id_str: str) -> str:
    if not (id_str.isascii() and id_str.isdigit()):
        raise ValueError(f"tweet id {id_str[:40]!r} is not a number")
    return f"twitter:{id_str}"


def _moment(created_at: str) -> int:
    """``Wed Jan 01 03:59:03 +0000 2014`` as a moment; strptime is slower and follows the locale."""
    try:
        _, month, day, clock, offset, year = created_at.split()
        ahead = timedelta(hours=int(offset[:3]), minutes=int(offset[0] + offset[3:]))
        date = int(year), MONTHS.index(month) + 1, int(day)
        return from_datetime(datetime(*date, *map(int, clock.split(":")), tzinfo=timezone(ahead)))
    except (ValueError, TypeError) as error:
        example = "Wed Jan 01 03:59:03 +0000 2014"
        raise ValueError(f"created_at {created_at[:40]!r} is not like {example!r}") from error
