"""How charts look: colours told apart without hue alone, contrast of WCAG AA on light and dark. Not here: any chart."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Theme:
    """Colours of one appearance; ``bullish`` and ``bearish`` differ for eyes that see no red or no green, too."""

    ink: str
    muted: str
    grid: str
    paper: str
    bullish: str
    bearish: str
    silent: str
    first: str
    second: str

    def config(self) -> dict[str, Any]:
        """The ``config`` of a Vega-Lite chart.

        A chart names a colour by a style (``style="bullish"``), or by a scale over ``range="category"`` (bullish,
        bearish, silent) or ``range="ordinal"`` (two things compared), so one spec serves light and dark.
        """
        label = {"labelColor": self.ink, "titleColor": self.ink, "labelFontSize": 11, "titleFontSize": 11}
        return {
            "background": self.paper,
            "font": "system-ui, -apple-system, Segoe UI, Roboto, Liberation Sans, Arial, sans-serif",
            "view": {"stroke": None},
            "axis": {
                **label,
                "titleFontWeight": "normal",
                "gridColor": self.grid,
                "domainColor": self.muted,
                "tickColor": self.muted,
                "labelOverlap": True,
            },
            "legend": {**label, "titleFontWeight": "normal", "orient": "top", "title": None},
            "title": {"color": self.ink, "fontSize": 12, "anchor": "start", "fontWeight": "normal"},
            "range": {
                "category": [self.bullish, self.bearish, self.silent],
                "ordinal": [self.first, self.second],
            },
            "style": {
                "price": {"color": self.ink, "strokeWidth": 1.5},
                "reach": {"color": self.ink, "strokeWidth": 1.5},
                "zero": {"color": self.muted, "strokeWidth": 1},
                "muted": {"color": self.muted},
                "band": {"color": self.muted, "fillOpacity": 0.25},
                "gap": {"color": self.silent},
            },
        }


LIGHT = Theme(
    "#1b1f24", "#57606a", "#e3e7eb", "#ffffff", "#0b62b8", "#b04a00", "#6e7781", first="#6b3fa0", second="#0f766b"
)
DARK = Theme(
    "#e6edf3", "#a3adb8", "#2a3139", "#0f1419", "#63adff", "#f2924a", "#8b949e", first="#b794f6", second="#4fd1b5"
)
