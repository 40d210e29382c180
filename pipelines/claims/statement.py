"""What one figure states, before it is known of whom, when and how surely."""

from typing import NamedTuple


class Statement(NamedTuple):
    """Columns of ``core.claims`` that the words around a figure decide, and the place of those words."""

    kind: str
    measure: str | None
    value: float | None
    unit: str | None
    direction: str | None
    bound: str
    basis: str | None
    start: int
    end: int
