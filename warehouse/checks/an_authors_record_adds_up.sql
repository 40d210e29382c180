-- Every author has one record; its counts add up, and its share lies within its interval and is NULL where nothing is decided.
-- on: mart.author_records
-- severity: error
select author_id, count(*) as row_count, min(claim_count) as claim_count, min(confirmed_share) as confirmed_share
from mart.author_records
group by author_id
having count(*) > 1
    or bool_or(decided_count <> confirmed_count + contradicted_count)
    or bool_or(claim_count <> decided_count + not_yet_due_count + cannot_be_checked_count)
    or bool_or((decided_count = 0) <> (confirmed_share is null))
    or bool_or(
        decided_count > 0
        and not coalesce(
            0 <= confirmed_share_low
            and confirmed_share_low <= confirmed_share
            and confirmed_share <= confirmed_share_high
            and confirmed_share_high <= 1,
            false
        )
    )
