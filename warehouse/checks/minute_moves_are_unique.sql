-- One row per text and ticker, of an opinion, and a reason wherever a price or a move is missing.
-- on: core.minute_moves
-- severity: error
select moves.text_id, moves.ticker, count(*) as row_count
from core.minute_moves as moves
left join (select distinct text_id, ticker from core.opinions) as spoken using (text_id, ticker)
group by moves.text_id, moves.ticker
having count(*) > 1
    or count(spoken.text_id) = 0
    or bool_or((moves.reason is null) <> (
        moves.price_at_known is not null and moves.return_5m is not null and moves.return_1h is not null
        and moves.return_to_close is not null
    ))
