"""StockTwits messages, as its interface gives them; the ticker tags and the stance are the author's own.

A message that reshares another one with words of its own is no repost, as a quoted tweet is none.
Not here: asking (``stocktwits_asking.py``), the wrapping of an answer (``shapes.py``), the message that is reshared.
"""

from collections.abc import Collection

import msgspec

from pipelines.sources.fields import Found, counted, from_iso, tickers

STANCES = {"bullish": "bullish", "bearish": "bearish"}


class User(msgspec.Struct):
    """Who wrote a message."""

    username: str | None = None


class Symbol(msgspec.Struct):
    """A ticker that the message is filed under."""

    symbol: str


class Sentiment(msgspec.Struct):
    """The author's own tag."""

    basic: str | None = None


class Entities(msgspec.Struct):
    """What hangs on a message."""

    sentiment: Sentiment | None = None


class Likes(msgspec.Struct):
    """How many liked a message."""

    total: int | None = None


class Reshares(msgspec.Struct):
    """How many reshared a message."""

    reshared_count: int | None = None


class Conversation(msgspec.Struct):
    """Where a message stands in its conversation; the first one names itself as parent."""

    parent_message_id: int | None = None
    in_reply_to_message_id: int | None = None
    replies: int | None = None


class Original(msgspec.Struct):
    """The message that another one reshares."""

    id: int
    body: str | None = None


class Reshare(msgspec.Struct):
    """The wrapping of a reshared message."""

    message: Original | None = None


class Message(msgspec.Struct):
    """The fields that are read."""

    id: int
    body: str
    created_at: str
    user: User
    symbols: list[Symbol] | None = None
    entities: Entities | None = None
    likes: Likes | None = None
    reshares: Reshares | None = None
    conversation: Conversation | None = None
    reshare_message: Reshare | None = None


_MESSAGE = msgspec.json.Decoder(Message)


def recognise(names: Collection[str]) -> bool:
    """Whether a record with these field names is a message."""
    return "id" in names and "body" in names and "created_at" in names and "user" in names


def parse(record: str, saved_at: int) -> Found:
    """One text and its counts, seen when the file was saved; ``ValueError`` says what is wrong."""
    message = _MESSAGE.decode(record)
    text_id = _text_id(message.id)
    thread = message.conversation or Conversation()
    first = thread.parent_message_id if thread.parent_message_id != message.id else None
    answered = thread.in_reply_to_message_id or first
    original = message.reshare_message and message.reshare_message.message
    sentiment = (message.entities and message.entities.sentiment) or Sentiment()
    row = {
        "text_id": text_id,
        "source": "stocktwits",
        "kind": "comment" if answered else "post",
        "parent_id": _text_id(answered),
        "thread_id": _text_id(first),
        "author": message.user.username,
        "body": message.body,
        "body_format": "html",
        "url": f"https://stocktwits.com/message/{message.id}",
        "published_at": from_iso(message.created_at),
        "fetched_at": saved_at,
        "time_precision": "exact",
        "is_deleted": False,
        "repost_of": _text_id(original.id) if original and message.body in ("", original.body) else None,
        # Crypto assets carry the suffix .X
        "symbols": tickers([symbol.symbol.removesuffix(".X") for symbol in message.symbols or ()]),
        "declared_stance": STANCES.get((sentiment.basic or "").lower()),
    }
    counts = {
        "likes": message.likes and message.likes.total,
        "replies": thread.replies,
        "reposts": message.reshares and message.reshares.reshared_count,
    }
    return Found([row], counted(text_id, saved_at, counts))


def _text_id(number: int | None) -> str | None:
    return f"stocktwits:{number}" if number else None
