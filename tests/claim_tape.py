"""Prices and claims by hand, for the tests of what the tape shows: bars in, claims in, checks out."""

from datetime import date

import pyarrow as pa

from pipelines.market.cutoffs import with_cutoffs
from pipelines.market.sessions import sessions
from pipelines.sql_files import sql_file
from pipelines.tables import insert
from tests.conftest import at

MARTS = ("claim_windows", "claim_checks", "author_records")
FRIDAY = date(2026, 5, 29)  # open 13:30Z, close 20:00Z

# day, low, high, close: on the Friday +1 % to +5.9 %, at the close +4.1 %
WEEK = [
    (date(2026, 5, 27), 97.0, 99.0, 98.0),
    (date(2026, 5, 28), 98.5, 101.0, 100.0),
    (FRIDAY, 101.0, 105.9, 104.1),
    (date(2026, 6, 1), 103.0, 108.0, 106.182),
]
TEXT = {
    "source": "test",
    "kind": "post",
    "is_orphan": False,
    "time_precision": "exact",
    "is_deleted": False,
    "is_low_information": False,
    "is_automatic": False,
    "is_repost": False,
    "is_counted": True,
    "version_id": "v",
}
CLAIM = {"position": 1, "claim_number": 1, "ticker": "MU", "bound": "exact", "is_hedged": False, "start": 0}


class Tape:
    """A database with sessions, the bars and claims of a test, and the marts made of them."""

    def __init__(self, warehouse, con):
        self.warehouse, self.con = warehouse, con
        for calendar in ("XNYS", "24/7"):
            listed = with_cutoffs(sessions(calendar, date(2024, 12, 2), date(2027, 12, 31)), "close")
            numbers = pa.array(range(1, listed.num_rows + 1), pa.int32())
            insert(con, "core.sessions", listed.append_column("session_number", numbers))

    def bars(self, rows, ticker="MU", calendar="XNYS", factor=1.0):
        """Bars in the vendor's prices; core.returns has them times the factor."""
        insert(
            self.con,
            "core.returns",
            pa.Table.from_pylist(
                [
                    {
                        "ticker": ticker,
                        "calendar": calendar,
                        "trading_day": day,
                        "low": low and low * factor,
                        "high": high and high * factor,
                        "close": close and close * factor,
                        "adjustment_factor": factor,
                    }
                    for day, low, high, close in rows
                ]
            ),
        )

    def say(self, text_id, moment, *claims, published=True, **text):
        """A text of that moment and its claims."""
        known_at = at(moment)
        published_at = known_at if published else None
        shared = {"text_id": text_id, "known_at": known_at, "day": known_at.date()}
        told = {**TEXT, **shared, "thread_id": text_id, "author_id": "test:ann", "published_at": published_at, **text}
        insert(self.con, "core.texts", pa.Table.from_pylist([told]))
        columns = dict.fromkeys(name for claim in claims for name in claim)
        rows = [{**columns, **CLAIM, **shared, "claim_number": n, **claim} for n, claim in enumerate(claims, 1)]
        insert(self.con, "core.claims", pa.Table.from_pylist(rows))

    def build(self):
        for name in MARTS:
            self.warehouse.build_mart(self.con, name)

    def checks(self, columns="status"):
        """Those columns of mart.claim_checks, in the order of the claims."""
        self.build()
        query = f"select {columns} from mart.claim_checks order by text_id, position, claim_number"
        rows = self.con.execute(query).fetchall()
        return [row[0] if len(row) == 1 else row for row in rows]

    def reasons(self):
        return self.checks("reason")

    def broken(self, rule):
        return self.con.execute(sql_file(f"checks/{rule}")).fetchall()


def move(value, matched=None, direction="up", period="session", **fields):
    return {
        "kind": "move",
        "value": value,
        "unit": "percent",
        "direction": direction,
        "period": period,
        "basis": "close",
        "matched": matched or f"{direction} {value}%",
        **fields,
    }


def target(value, due_on=date(2026, 12, 31), **fields):
    return {"kind": "target", "value": value, "unit": "usd", "matched": f"target ${value}", "due_on": due_on, **fields}


def level(value, **fields):
    return {"kind": "level", "value": value, "unit": "usd", "matched": f"at ${value}", "basis": "intraday", **fields}
