"""Whose texts come in, and under what name: pseudonyms, and the people who asked to be forgotten.

Here: ``CROWDTAPE_AUTHOR_SALT`` turning handles into pseudonyms, the fingerprint that keeps a database to one salt, and
the digests by which a forgotten person is known again. All of it acts before anything is written to ``raw``.
Not here: deleting what is there already (``forget.py``). Names in bodies, addresses, communities (u_ann) and
file names stay as they are: a salt hides who wrote a text, not who is spoken of.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.sources.rows import INSTANT, Batch
from pipelines.tables import insert, transaction
from pipelines.text.automatic import is_automatic_account

DIGEST_BYTES = 16
PSEUDONYM = r"author-[0-9a-f]{32}"
WITHHELD = "its words are not kept where CROWDTAPE_AUTHOR_SALT is set"


class OtherSalt(RuntimeError):
    """The database was built with another salt, or with none; the message says the way out, and no salt."""


def digest(kind: str, name: str, salt: str | None) -> str:
    """BLAKE2b, 128 bit, hex, of the id of a ``handle``, ``author`` or ``text``; keyed by the salt if there is one."""
    key = hashlib.blake2b(salt.encode()).digest() if salt else b""
    return hashlib.blake2b(name.encode(), digest_size=DIGEST_BYTES, key=key, person=kind.encode()).hexdigest()


def pseudonym(author_id: str, salt: str) -> str:
    """What stands in place of the handle in ``source:handle``."""
    return f"author-{digest('handle', author_id, salt)}"


def pseudonymous(texts: pa.Table, salt: str | None) -> pa.Table:
    """The same texts with ``author`` replaced by ``author-`` and a digest of source and handle; nothing without a salt.

    One person of one source always gets one pseudonym. Handles of automatic accounts are no persons' and stay.
    """
    if not salt:
        return texts
    handles, sources = texts["author"].combine_chunks(), texts["source"].combine_chunks()
    is_person = pc.and_not(pc.is_valid(handles), is_automatic_account(handles))
    names = pc.binary_join_element_wise(sources, handles, ":").filter(is_person).dictionary_encode()
    pseudonyms = pa.array([pseudonym(name, salt) for name in names.dictionary.to_pylist()], pa.string())
    hidden = pc.replace_with_mask(handles, is_person, pseudonyms.take(names.indices))
    return texts.set_column(texts.column_names.index("author"), texts.schema.field("author"), hidden)


@dataclass
class Doorkeeper:
    """What intake lets in: authors under their pseudonyms, nobody who asked to be forgotten, and with a salt no
    excerpt of what could not be read, for it may hold handles.

    ``forgotten`` are digests of authors and texts. A text refused for its author is refused ever after, for the next
    file may not name the author; the digests of such texts gather in ``refused`` until ``remember`` writes them down.
    """

    salt: str | None = field(default=None, repr=False)
    forgotten: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)

    def admit(self, batch: Batch) -> Batch:
        """The batch as it may be written."""
        texts = pseudonymous(batch.texts, self.salt)
        engagement = batch.engagement
        if self.forgotten:
            texts, engagement = self._known(texts), self._counted(engagement)
        return Batch(texts, engagement, self.admit_rejects(batch.rejects))

    def admit_rejects(self, rejects: pa.Table) -> pa.Table:
        """Rejects as they may be written."""
        if not self.salt or not rejects.num_rows:
            return rejects
        reasons = pc.binary_join_element_wise(rejects["reason"], f" ({WITHHELD})", "")
        rejects = rejects.set_column(rejects.column_names.index("reason"), "reason", reasons)
        empty = pa.nulls(rejects.num_rows, pa.string())
        return rejects.set_column(rejects.column_names.index("excerpt"), "excerpt", empty)

    def remember(self, con: duckdb.DuckDBPyConnection, now: datetime) -> None:
        """Write down the texts that were refused for their author."""
        keep_texts_out(con, self.refused, now)
        self.refused.clear()

    def _known(self, texts: pa.Table) -> pa.Table:
        of_author = self._is_forgotten("author", pc.binary_join_element_wise(texts["source"], texts["author"], ":"))
        ids = texts["text_id"]
        self._refuse(ids.filter(of_author).to_pylist())
        return texts.filter(pc.invert(self._is_forgotten("text", ids)))

    def _counted(self, engagement: pa.Table) -> pa.Table:
        return engagement.filter(pc.invert(self._is_forgotten("text", engagement["text_id"])))

    def _refuse(self, text_ids: Iterable[str]) -> None:
        new = {digest("text", text_id, self.salt) for text_id in text_ids} - self.forgotten
        self.refused |= new
        self.forgotten |= new

    def _is_forgotten(self, kind: str, names: pa.ChunkedArray) -> pa.Array:
        names = names.combine_chunks().dictionary_encode()
        told = [digest(kind, name, self.salt) in self.forgotten for name in names.dictionary.to_pylist()]
        return pc.fill_null(pa.array(told, pa.bool_()).take(names.indices), False)


def keep_texts_out(con: duckdb.DuckDBPyConnection, digests: Collection[str], now: datetime) -> None:
    """Leave these digests of texts in ``raw.forgotten``."""
    rows = pa.table({"digest": pa.array(sorted(digests), pa.string()), "kind": pa.repeat("text", len(digests))})
    insert(con, "raw.forgotten", rows.append_column("forgotten_at", pa.repeat(pa.scalar(now, INSTANT), len(digests))))


def doorkeeper(con: duckdb.DuckDBPyConnection, salt: str | None, now: datetime) -> Doorkeeper:
    """The doorkeeper of this database; ``OtherSalt`` where it was built with another salt than this."""
    keep_salt(con, salt, now)
    return Doorkeeper(salt, {known for (known,) in con.execute("select digest from raw.forgotten").fetchall()})


def keep_salt(con: duckdb.DuckDBPyConnection, salt: str | None, now: datetime) -> None:
    """Write down a fingerprint of the salt of a database without people in it; ``OtherSalt`` where it has another."""
    kept = con.execute("select fingerprint from raw.author_salts").fetchall()
    known = kept[0][0] if kept else ""
    if _is_of(known, salt) and kept:
        return
    has_people = con.execute(
        """select exists (from raw.posts) or exists (from raw.comments) or exists (from raw.rejects)
            or exists (from raw.forgotten)"""
    ).fetchall()[0][0]
    if has_people and not _is_of(known, salt):
        other = "with another" if known else "without a"
        raise OtherSalt(
            f"this database was built {other} CROWDTAPE_AUTHOR_SALT; mixed, one person would be two. Nothing was "
            "changed. Set the salt as it was, or build anew: another CROWDTAPE_HOME, or move crowdtape.duckdb and "
            "published.duckdb away; the files of the inbox are then read again."
        )
    with transaction(con):
        con.execute("delete from raw.author_salts")
        con.execute("insert into raw.author_salts values (?, ?)", [_fingerprint(salt), now])


def _fingerprint(salt: str | None, random: str | None = None) -> str:
    """Slow to guess from, and another one in every database: random hex, a colon, scrypt of the salt."""
    if not salt:
        return ""
    random = random or secrets.token_hex(16)
    return f"{random}:{hashlib.scrypt(salt.encode(), salt=bytes.fromhex(random), n=2**14, r=8, p=1).hex()}"


def _is_of(fingerprint: str, salt: str | None) -> bool:
    return secrets.compare_digest(_fingerprint(salt, random=fingerprint.partition(":")[0]), fingerprint)
