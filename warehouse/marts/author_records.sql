-- One row per author: how often the prices bore out what they claimed, with how far chance alone could have taken that share.
-- author_id: Who (core.texts.author_id); texts without an author are in no record.
-- claim_count: Different claims made, without a hedge, in their own words (mart.claim_checks.is_counted). The same claim said again counts once, as first said.
-- decided_count: Of these, confirmed or contradicted.
-- confirmed_count: Confirmed by the prices.
-- contradicted_count: Contradicted by them. A miss counts only where what the claim speaks of is certain.
-- not_yet_due_count: Waiting for prices. A target is confirmed when reached and contradicted only at its horizon, so where many wait the share leans up.
-- cannot_be_checked_count: Prices cannot decide them.
-- confirmed_share: confirmed_count / decided_count, a fraction; NULL where none is decided.
-- confirmed_share_low: Lower end of its 95 % interval: rank by this one, so that one lucky claim does not shine.
-- confirmed_share_high: Upper end.
-- first_known_at: Earliest of these claims (UTC).
-- last_known_at: Latest (UTC).
with claims as (
    select distinct on (author_id, ticker, kind, direction, bound, value, unit, said_on, words)
        author_id,
        status,
        known_at,
        -- a move is one of its session; a target repeated within the year is the same one
        if(kind = 'target', date_trunc('year', due_on)::date, last_bar) as said_on,
        -- what prices do not decide is told apart by its words
        if(status = 'cannot_be_checked', matched, null) as words
    from mart.claim_checks
    where author_id is not null and is_counted and not is_hedged
    order by author_id, ticker, kind, direction, bound, value, unit, said_on, words,
        known_at, text_id, position, claim_number
),

records as (
    select
        author_id,
        count(*) as claim_count,
        count(*) filter (status in ('confirmed', 'contradicted')) as decided_count,
        count(*) filter (status = 'confirmed') as confirmed_count,
        count(*) filter (status = 'contradicted') as contradicted_count,
        count(*) filter (status = 'not_yet_due') as not_yet_due_count,
        count(*) filter (status = 'cannot_be_checked') as cannot_be_checked_count,
        min(known_at) as first_known_at,
        max(known_at) as last_known_at
    from claims
    group by author_id
),

-- Wilson's score interval (Wilson 1927, JASA 22, 209-212) with z = 1.959964:
-- (x + z²/2 ± z·sqrt(x·(n - x)/n + z²/4)) / (n + z²). All or none confirmed: an end is 1 or 0 but for rounding.
intervals as (
    select
        author_id,
        (confirmed_count + pow(1.959964, 2) / 2) / (decided_count + pow(1.959964, 2)) as middle,
        1.959964 * sqrt(confirmed_count * contradicted_count / decided_count + pow(1.959964, 2) / 4)
            / (decided_count + pow(1.959964, 2)) as reach,
        if(confirmed_count = 0, 0, middle - reach) as low,
        if(contradicted_count = 0, 1, middle + reach) as high
    from records
    where decided_count > 0
)

select
    records.author_id,
    records.claim_count,
    records.decided_count,
    records.confirmed_count,
    records.contradicted_count,
    records.not_yet_due_count,
    records.cannot_be_checked_count,
    records.confirmed_count / nullif(records.decided_count, 0) as confirmed_share,
    intervals.low as confirmed_share_low,
    intervals.high as confirmed_share_high,
    records.first_known_at,
    records.last_known_at
from records
left join intervals using (author_id)
order by records.author_id
