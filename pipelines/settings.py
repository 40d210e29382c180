"""Every setting of Crowdtape: name, unit, default and the reason for the default.

Each is an environment variable with the prefix ``CROWDTAPE_`` (also read from ``.env`` beside ``pyproject.toml``).
Not here: Dagster's own settings (``dagster.yaml``).
"""

import os
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipelines.evidence.windows import parsed_windows
from pipelines.market.cutoffs import checked_cutoff
from pipelines.sources.rows import Limits
from pipelines.sources.services import SERVICES

ROOT = Path(__file__).parents[1]
PREFIX = "CROWDTAPE_"
KEYS = (
    *("reddit_client_id", "reddit_client_secret", "stocktwits_token"),
    *("bluesky_handle", "bluesky_app_password", "alphavantage_key"),
)


class BadSettings(ValueError):
    """A setting cannot be used; the message names its variable and says what is wrong, and holds no value."""


class Settings(BaseSettings):
    """The settings of one process, read once at its edge and passed down."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ROOT / ".env",
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,  # an error would show the salt
    )

    home: Path = Field(
        default=Path("warehouse"),
        description="Folder of the database, its published copy, the inbox and the landing. "
        "Relative paths start at the project's folder. A second environment is another folder.",
    )
    inbox: Path | None = Field(
        default=None, description="Folder with texts/ and prices/ to take in. Default: inbox/ in the home."
    )
    start_day: date = Field(
        default=date(2005, 1, 1),
        description="First UTC day that can be built. Earlier than the services we read; "
        "each day more costs the UI a square.",
    )
    latency_seconds: int = Field(
        default=0,
        ge=0,
        le=86_400,
        description="Seconds between a text's exact publication time and the moment you could have acted on it. "
        "0 tells what the tape did; set what your own feed needs before betting on it.",
    )
    stale_minutes: int = Field(
        default=5,
        ge=1,
        le=60,
        description="Minutes after which a one-minute bar is no longer the price of a moment. Liquid names trade every "
        "minute, thin ones skip a few; a trading halt lasts 5 minutes at least and must stay a gap.",
    )
    sources: str = Field(
        default="",
        description="Live services to ask, separated by commas: hackernews, reddit, stocktwits, bluesky, rss, "
        "yfinance, ccxt, alphavantage. What to follow there says crowdtape.toml. Default: none, the inbox alone.",
    )
    follow: Path = Field(default=Path("crowdtape.toml"), description="The file that says what to follow.")
    landing_days: int = Field(
        default=30,
        ge=0,
        description="Days for which the answers of live services are kept as they came, to be read again by a mended "
        "parser. They hold handles and texts as the services gave them. 0: removed as soon as they are read.",
    )
    source_minutes: int = Field(
        default=20, ge=1, description="Minutes that a run spends on one live service; the rest waits for the next run."
    )
    max_answer_mb: int = Field(
        default=32, ge=1, description="MiB of one unpacked answer of a live service. The largest threads have some 5."
    )
    answer_seconds: int = Field(
        default=60, ge=1, description="Seconds that one answer may take from the first byte to the last."
    )
    reddit_client_id: SecretStr | None = Field(default=None, description="See docs/sources/reddit.md.")
    reddit_client_secret: SecretStr | None = Field(default=None, description="See docs/sources/reddit.md.")
    stocktwits_token: SecretStr | None = Field(default=None, description="Optional; see docs/sources/stocktwits.md.")
    bluesky_handle: SecretStr | None = Field(default=None, description="See docs/sources/bluesky.md.")
    bluesky_app_password: SecretStr | None = Field(default=None, description="See docs/sources/bluesky.md.")
    alphavantage_key: SecretStr | None = Field(default=None, description="See docs/sources/alphavantage.md.")
    author_salt: SecretStr | None = Field(
        default=None,
        min_length=16,
        description="At least 16 random characters (`openssl rand -hex 16`): authors are then kept as salted hashes. "
        "One database, one salt: keep it, and keep it secret. Default: handles as the sources show them.",
    )
    cutoff: str = Field(
        default="close",
        description="Up to when a text counts in a session of mart.ticker_days: close, open, or minutes before the "
        "close (close-30m). Forward returns begin at the first open after it.",
    )
    cost_bps: float = Field(
        default=10.0,
        ge=0,
        le=1_000,
        description="Basis points that a purchase or a sale costs, for spreads after cost. 10 suits large stocks.",
    )
    event_z: float = Field(
        default=2.0,
        gt=0,
        le=20,
        description="An event of sentiment is a session with |sentiment_z| above this, in standard deviations.",
    )
    event_texts: int = Field(
        default=5, ge=1, description="Scored texts that an event of sentiment needs: one voice is no crowd."
    )
    event_windows: str = Field(
        default="-5:-1 0:0 1:1 1:5 1:20 -1:1",
        description="Windows of the event study, in sessions relative to the event, from -10 to 20.",
    )
    report_tickers: int = Field(
        default=100,
        ge=1,
        le=5_000,
        description="Tickers that get a page in reports/, those most spoken of first: about 1.1 MB and 0.1 s each.",
    )
    memory_limit: str = Field(
        default="1GB",
        pattern=r"^\d+(\.\d+)?\s?(MB|GB|TB|MiB|GiB|TiB)$",
        description="DuckDB's memory; beyond it DuckDB spills to disk, so a year fits a small machine.",
    )
    lock_wait_seconds: int = Field(
        default=60, ge=0, description="How long a run waits for somebody who holds the database file open."
    )
    history_days: int = Field(
        default=30,
        ge=1,
        description="Days for which Dagster's records of ended runs are kept: two megabytes each, some thirty a day. "
        "What the tables hold is not touched.",
    )
    max_line_mb: int = Field(default=8, ge=1, description="MiB; a longer line is a reject. Real records are < 1 MiB.")
    max_page_mb: int = Field(default=16, ge=1, description="MiB of one saved page or one single JSON document.")
    max_expanded_gb: int = Field(
        default=256,
        ge=1,
        description="GiB that one compressed file may expand to: above the largest monthly dump.",
    )
    max_expansion_ratio: int = Field(
        default=200,
        ge=2,
        description="Expanded ÷ compressed size, judged past 64 MiB. Text packs 5 to 30 times.",
    )

    @field_validator("home", "inbox", "follow")
    @classmethod
    def _under_root(cls, folder: Path | None) -> Path | None:
        return None if folder is None else (ROOT / folder.expanduser()).resolve()

    @field_validator("cutoff")
    @classmethod
    def _is_a_cutoff(cls, cutoff: str) -> str:
        return checked_cutoff(cutoff)

    @field_validator("event_windows")
    @classmethod
    def _are_windows(cls, windows: str) -> str:
        parsed_windows(windows)
        return windows

    @field_validator("sources")
    @classmethod
    def _are_services(cls, sources: str) -> str:
        names = [name.strip().lower() for name in sources.split(",") if name.strip()]
        for name in names:
            if name not in SERVICES:
                near = get_close_matches(name, SERVICES, n=1)
                meant = f"did you mean {near[0]}? " if near else ""
                raise ValueError(f"there is no service {name!r}; {meant}The services are {', '.join(SERVICES)}")
        return ",".join(dict.fromkeys(names))

    @model_validator(mode="before")
    @classmethod
    def _no_unknown_names(cls, values: dict[str, object]) -> dict[str, object]:
        unknown = sorted(
            name
            for name in os.environ
            if name.upper().startswith(PREFIX) and name.upper().removeprefix(PREFIX).lower() not in cls.model_fields
        )
        if unknown:
            known = ", ".join(PREFIX + name.upper() for name in cls.model_fields)
            raise ValueError(f"unknown setting {', '.join(unknown)}; the settings are {known}")
        return values

    @property
    def source_names(self) -> list[str]:
        """The live services to ask."""
        return [name for name in self.sources.split(",") if name]

    @property
    def keys(self) -> dict[str, str]:
        """The secrets of live services that are set, by setting name. Never to be shown."""
        named = {name: getattr(self, name) for name in KEYS}
        return {name: secret.get_secret_value() for name, secret in named.items() if secret is not None}

    @property
    def inbox_folder(self) -> Path:
        """Where files to take in are dropped."""
        return self.inbox or self.home / "inbox"

    @property
    def limits(self) -> Limits:
        """How much of one input file is believed."""
        return Limits(
            line_bytes=self.max_line_mb * 2**20,
            page_bytes=self.max_page_mb * 2**20,
            expanded_bytes=self.max_expanded_gb * 2**30,
            expansion_ratio=self.max_expansion_ratio,
        )


def read_settings() -> Settings:
    """The settings of the environment and ``.env``; ``BadSettings`` in one line for a person."""
    try:
        return Settings()
    except ValidationError as error:
        raise BadSettings("; ".join(map(_said, error.errors()))) from None


def _said(error: ErrorDetails) -> str:
    name = f"{PREFIX}{str(error['loc'][0]).upper()}: " if error["loc"] else ""
    return f"{name}{error['msg'].removeprefix('Value error, ')}"
