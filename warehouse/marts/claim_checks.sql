-- One row per claim: what was said, and what the prices show of it.
-- text_id: The text (core.texts).
-- position: The sentence within it.
-- claim_number: Order within the sentence.
-- ticker: Whom it is about; NULL where the text does not say.
-- source: Service it came from.
-- author_id: Who said it; NULL where unknown.
-- is_counted: A person's own words that say something (core.texts.is_counted).
-- kind: move, level, target (these the prices can decide), event, amount, multiple or ratio (these they cannot).
-- matched: The words of the claim.
-- value: The figure as said.
-- unit: percent, usd, times or points.
-- direction: up or down, as said.
-- bound: exact, about (within a tenth of a move, 2 % of a price), at_least or at_most.
-- period: What a move is over.
-- said_by: Who set the target, as written. That it was set is not checked, only whether the price got there.
-- is_hedged: Said with a hedge; checked all the same, and left out of mart.author_records.
-- known_at: When the claim was made, as far as could be known (UTC).
-- due_on: Day by which a target should be reached.
-- claimed: The figure said: a fraction (signed) for a move, a price for a level or target.
-- actual: The figure of the prices, in the same unit; of a target not reached (yet), the nearest so far.
-- tolerance: How far off still counts, in the same unit: half a unit of the last digit said (none for at_least and at_most), and 0.05 % of the price, because the daily moves of two vendors differ by up to 3 bps on 99 days of 100.
-- price_used: close; high (of a rise) or low (of a fall) where a price within the session is meant; range (low to high) for a level.
-- first_bar: First session whose price is used; for a move the one whose close it counts from.
-- last_bar: Last session whose price is used; of a target reached, the session that reached it.
-- status: confirmed; contradicted; not_yet_due (prices that we do not have yet decide it); cannot_be_checked.
-- reason: Why, in words.
-- decided_at: From when the verdict could be known (UTC): the close of last_bar, or known_at where that is later; NULL where undecided.
with bars as (
    -- The vendor's own prices, as headlines quote them, and the factor that adjusts them.
    select
        returns.ticker,
        returns.trading_day,
        sessions.session_number,
        sessions.close_at,
        returns.adjustment_factor as factor,
        returns.close / factor as close,
        case when isfinite(returns.high) and returns.high > 0 then returns.high / factor end as high,
        case when isfinite(returns.low) and returns.low > 0 then returns.low / factor end as low
    from core.returns
    join core.sessions using (calendar, trading_day)
    where isfinite(returns.close) and returns.close > 0 and isfinite(factor) and factor > 0
),

covered as (
    select
        ticker,
        min(session_number) as first_covered,
        max(session_number) as last_covered,
        max(trading_day) as last_day
    from bars
    group by ticker
),

measured as (
    select
        claims.*,
        texts.source,
        texts.author_id,
        texts.is_counted,
        windows.calendar,
        windows.is_snapshot,
        windows.base_session,
        windows.first_session,
        windows.last_session,
        windows.range_session,
        windows.obstacle as undatable,
        windows.doubt as uncertain,
        covered.first_covered,
        covered.last_covered,
        covered.last_day,
        base_days.trading_day as base_day,
        last_days.trading_day as end_day,
        base.close as base_close,
        base.high as base_high,
        base.low as base_low,
        base.factor as base_factor,
        case
            when claims.direction = 'down' or (claims.direction is null and claims.value < 0) then -1
            when claims.direction = 'up' then 1
        end as sign,
        -- one unit of the figure, as a fraction of the base for a move, as a price otherwise
        case
            when claims.kind <> 'move' or claims.unit = 'times' then 1
            when claims.unit = 'percent' then 0.01
            when claims.unit = 'usd' then 1 / base.close
        end as unit_size,
        -- how many digits were said: "5.58", "$1,500", "65.4k"
        regexp_extract_all(replace(claims.matched, ',', ''), '[0-9]+(?:\.[0-9]+)?') as figures,
        list_filter(figures, lambda f: try_cast(f as double) = abs(claims.value))[1] as figure,
        list_filter(figures, lambda f: round(try_cast(f as double) * 1000, 3) = abs(claims.value))[1] as thousands,
        coalesce(
            0.5 / pow(10, length(split_part(figure, '.', 2))),
            500 / pow(10, length(split_part(thousands, '.', 2))),
            -- "98 cents": not the figure as written
            0.5 / pow(10, length(split_part(regexp_replace(claims.value::varchar, '\.0$', ''), '.', 2)))
        ) as half_digit
    from core.claims
    join core.texts using (text_id)
    left join mart.claim_windows as windows using (text_id, position, claim_number)
    left join covered on covered.ticker = claims.ticker
    left join core.sessions as base_days
        on base_days.calendar = windows.calendar and base_days.session_number = windows.base_session
    left join core.sessions as last_days
        on last_days.calendar = windows.calendar and last_days.session_number = windows.last_session
    left join bars as base on base.ticker = claims.ticker and base.session_number = windows.base_session
),

sized as (
    select
        measured.*,
        case
            when kind <> 'move' then value
            -- "three times" is a rise by two
            when unit = 'times' then abs(value) - 1
            else sign * abs(value) * unit_size
        end as claimed,
        if(kind = 'move', base_close, 1) as price_of_one,
        if(kind = 'move', base_close * (1 + claimed), value) as claimed_price,
        -- of a bound and of a target the figure itself is the line
        unit_size * case
            when kind = 'target' or bound in ('at_least', 'at_most') then 0
            when bound = 'about' then greatest(half_digit, if(kind = 'level', 0.02, 0.1) * abs(value))
            else half_digit
        end + 0.0005 * abs(claimed_price) / price_of_one as tolerance,
        -- which side of the figure is as good as the figure
        case
            when kind = 'target' then if(value >= base_close, 'above', 'below')
            when bound = 'at_least' then if(kind = 'move' and sign < 0, 'below', 'above')
            when bound = 'at_most' then if(kind = 'move', 'towards base', 'below')
            else 'neither'
        end as open_side,
        -- Most vendors take later splits off old prices and do not say so. A price that far off may be one of another
        -- basis: a level is not asked for then, and a target that is not reached is not held against anybody.
        case
            when kind = 'level' and value / base_close not between 1 / 1.2 and 1.2
                or kind = 'target' and value / base_close not between 1 / 2 and 2
            then concat(
                'too far from the close of ', base_day, ', ', format('{:.6g}', base_close),
                ': on another basis (a split since?), or no price of ', ticker
            )
        end as too_far
    from measured
),

-- The prices that make it true, and what stands in the way of asking for them.
asked as (
    select
        sized.*,
        case open_side
            when 'below' then '-infinity'::double
            when 'towards base' then least(claimed_price, base_close) - tolerance * price_of_one
            else claimed_price - tolerance * price_of_one
        end as from_price,
        case open_side
            when 'above' then 'infinity'::double
            when 'towards base' then greatest(claimed_price, base_close) + tolerance * price_of_one
            else claimed_price + tolerance * price_of_one
        end as to_price,
        case
            when kind = 'event' then 'a date of the calendar: prices do not decide it'
            when kind not in ('move', 'level', 'target') then 'a business figure: prices do not decide it'
            when ticker is null then 'it does not say whom it is about'
            when first_covered is null then concat('no prices of ', ticker)
            when not coalesce(isfinite(value), false) then 'it gives no figure'
            when kind = 'move' and not coalesce(unit in ('percent', 'times', 'usd'), false)
            then 'not a move in percent, times or dollars'
            when kind <> 'move' and not coalesce(unit = 'usd' and value > 0, false) then 'not a price in dollars'
            when kind = 'move' and sign is null then 'it does not say up or down'
            when kind = 'move' and unit = 'times' and sign < 0 then 'a fall of several times has no one meaning'
            when undatable is not null then undatable
            when kind <> 'level' and base_close is null and base_session <= last_covered
            then concat('no prices of ', ticker, ' on ', base_day)
            when kind = 'level' then too_far
        end as obstacle
    from sized
),

looked as (
    select
        text_id,
        position,
        claim_number,
        ticker,
        from_price,
        to_price,
        range_session,
        base_factor,
        unnest(
            generate_series(greatest(first_session, first_covered), least(last_session, last_covered))
        ) as session_number
    from asked
    where obstacle is null
),

-- Low and high of each session looked at (both its close where the close is meant), on the basis of the base's day.
-- A factor that moved by less than 15 % since then is dividends, which no headline takes off; more is a split.
prices as (
    select
        looked.text_id,
        looked.position,
        looked.claim_number,
        session_number,
        bars.trading_day,
        bars.close_at,
        bars.factor / looked.base_factor as growth,
        if(growth not between 1 / 1.15 and 1.15, growth, 1) as splits,
        splits * if(session_number >= looked.range_session, bars.low, bars.close) as low_price,
        splits * if(session_number >= looked.range_session, bars.high, bars.close) as high_price,
        coalesce(low_price <= looked.to_price and high_price >= looked.from_price, false) as is_met
    from looked
    join bars using (ticker, session_number)
),

-- The first session that meets the claim, which no later one can change; or else all of them.
seen as (
    select
        text_id,
        position,
        claim_number,
        bool_or(is_met) as is_met,
        count(low_price + high_price) as bar_count,
        min(trading_day) as first_day,
        coalesce(min(trading_day) filter (is_met), max(trading_day)) as last_seen_day,
        coalesce(min(close_at) filter (is_met), max(close_at)) as last_close_at,
        coalesce(arg_min(low_price, session_number) filter (is_met), min(low_price)) as low,
        coalesce(arg_min(high_price, session_number) filter (is_met), max(high_price)) as high
    from prices
    group by text_id, position, claim_number
),

judged as (
    select
        asked.*,
        seen.first_day,
        seen.last_seen_day,
        seen.last_close_at,
        seen.low,
        seen.high,
        case
            when seen.bar_count = last_session - first_session + 1 then coalesce(uncertain, too_far)
            when first_session = last_session then concat('no prices of ', asked.ticker, ' on ', end_day)
            else concat('not met on the bars we have, and some are missing up to ', end_day)
        end as missing_or_uncertain,
        case
            when obstacle is not null then 'cannot_be_checked'
            when seen.is_met then 'confirmed'
            when last_session is null or last_session > last_covered then 'not_yet_due'
            when missing_or_uncertain is not null then 'cannot_be_checked'
            -- of a coin that never closes, "up 5 %" may be of the last 24 hours
            when is_snapshot and calendar = '24/7' and base_session = last_session - 1
                and seen.low * base_close / base_high <= to_price and seen.high * base_close / base_low >= from_price
            then 'cannot_be_checked'
            else 'contradicted'
        end as status,
        case
            when range_session is null then 'close'
            when kind = 'level' then 'range'
            when kind = 'target' then if(open_side = 'above', 'high', 'low')
            else if(sign < 0, 'low', 'high')
        end as price_used,
        case price_used
            when 'low' then seen.low
            when 'range' then greatest(seen.low, least(seen.high, value))
            else seen.high
        end as actual_price
    from asked
    left join seen using (text_id, position, claim_number)
),

worded as (
    select
        judged.*,
        if(kind = 'move', format('{:+.2f} %', 100 * (low / base_close - 1)), format('{:.6g}', low)) as low_words,
        if(kind = 'move', format('{:+.2f} %', 100 * (high / base_close - 1)), format('{:.6g}', high)) as high_words,
        concat(
            case bound when 'at_least' then 'at least ' when 'at_most' then 'at most ' end,
            if(
                kind = 'move',
                format('{:+.2f} % ± {:.2f}', 100 * claimed, 100 * tolerance),
                format('{:.6g} ± {:.2g}', claimed, tolerance)
            )
        ) as claimed_words
    from judged
)

select
    text_id,
    position,
    claim_number,
    ticker,
    source,
    author_id,
    is_counted,
    kind,
    matched,
    value,
    unit,
    direction,
    bound,
    period,
    said_by,
    is_hedged,
    known_at,
    due_on,
    if(obstacle is null, claimed, null) as claimed,
    if(kind = 'move', actual_price / base_close - 1, actual_price) as actual,
    if(obstacle is null, tolerance, null) as tolerance,
    if(actual_price is null, null, price_used) as price_used,
    if(kind = 'move' and first_day is not null, base_day, first_day) as first_bar,
    last_seen_day as last_bar,
    status,
    case
        when obstacle is not null then obstacle
        when status = 'not_yet_due' then concat(
            'no prices of ', ticker, ' after ', last_day, ' yet; it speaks of days up to ',
            coalesce(end_day, due_on, period_to)::varchar,
            if(kind = 'target', concat('; ', price_used, ' so far ', format('{:.6g}', actual_price)), null)
        )
        when status = 'cannot_be_checked'
        then coalesce(missing_or_uncertain, 'it may speak of the last 24 hours, and does not fit the day')
        when kind = 'target' then concat(
            if(status = 'confirmed', 'the price got there on ', 'the price did not get there by '), last_seen_day,
            ': ', price_used, ' ', format('{:.6g}', actual_price), ', target ', claimed_words,
            '; that it was set is not checked'
        )
        else concat(
            if(is_snapshot, 'said while the session was open; ', null),
            if(range_session is null, 'close of ', 'low to high of '), last_seen_day,
            if(kind = 'move', concat(' on the close of ', base_day), null), ': ',
            if(range_session is null, null, concat(low_words, ' to ')), high_words, '; said ', claimed_words
        )
    end as reason,
    if(status in ('confirmed', 'contradicted'), greatest(last_close_at, known_at), null) as decided_at
from worded
order by known_at, text_id, position, claim_number
