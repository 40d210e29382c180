-- The table of core that links texts to one-minute bars.
-- Must also run on DuckLake: no primary keys, indexes, sequences or enums; keys are kept by the writer and proved by checks.

create table if not exists core.minute_moves (
    text_id varchar not null,
    ticker varchar not null,
    known_at timestamptz not null,
    trading_day date not null,
    is_market_open boolean not null,
    vendor varchar,
    price_at_known double,
    price_age_seconds double,
    entry_at timestamptz,
    entry_price double,
    return_5m double,
    return_1h double,
    return_to_close double,
    reason varchar,
    day date not null
);
comment on table core.minute_moves is 'One row per text and ticker whose session has one-minute bars, or that has a price at known_at: that price, and the moves after it. Prices in the vendor''s basis, which may differ from core.returns'': compare ratios only. A text spoken while the market is closed has no moves here; mart.text_moves has its daily ones.';
comment on column core.minute_moves.text_id is 'The text.';
comment on column core.minute_moves.ticker is 'The ticker it speaks of; bars of another symbol of the same instrument (FB, META) serve too.';
comment on column core.minute_moves.known_at is 'Earliest moment this opinion could have been acted on (UTC).';
comment on column core.minute_moves.trading_day is 'First session whose close is after known_at: the one it falls into, or the next.';
comment on column core.minute_moves.is_market_open is 'known_at lies in that session''s regular hours: from the open on, before the close.';
comment on column core.minute_moves.vendor is 'Whose bars: one vendor per instrument and trading day, the one with the fullest file; NULL without a price.';
comment on column core.minute_moves.price_at_known is 'Close of the last bar whose minute had ended at known_at, also outside regular hours; NULL where that is more than CROWDTAPE_STALE_MINUTES ago. The reference to compare with; no move starts at it.';
comment on column core.minute_moves.price_age_seconds is 'Seconds from the end of that bar to known_at.';
comment on column core.minute_moves.entry_at is 'Start of the first bar that starts at or after known_at (UTC), in regular hours and at most CROWDTAPE_STALE_MINUTES later; else NULL.';
comment on column core.minute_moves.entry_price is 'Open of that bar: the first price that could really be had, NULL where the file has no opens. Moves start here.';
comment on column core.minute_moves.return_5m is 'Price at known_at + 5 minutes / entry_price - 1, a fraction; the price is the close of the last bar ended by then, none staler than CROWDTAPE_STALE_MINUTES. NULL beyond the close. Looks ahead.';
comment on column core.minute_moves.return_1h is 'The same at known_at + 1 hour. NULL beyond the close (of a market that never closes there is none). Looks ahead.';
comment on column core.minute_moves.return_to_close is 'Close of the session''s last regular bar / entry_price - 1; NULL where that bar ended more than CROWDTAPE_STALE_MINUTES before the close. Looks ahead.';
comment on column core.minute_moves.reason is 'Why a price or a move is NULL, all reasons in order; NULL where nothing is missing.';
comment on column core.minute_moves.day is 'The text''s day: the partition.';
