-- The cleaned texts with their copies numbered, and whether their opinions count.
-- A person may say a thing twice a day; from the third time on it is posted by a machine, or by one who acts like it.
with posted as (
    select
        cleaned.*,
        author_id is not null
        and content_hash is not null
        and lag(known_at, 2) over (partition by author_id, content_hash order by known_at, text_id)
            >= known_at - interval 24 hours as is_third_posting
    from cleaned
),

judged as (
    select
        posted.* exclude (body_format, fingerprint, is_third_posting, automatic_reason),
        coalesce(automatic_reason, case when is_third_posting and not is_low_information then 'identical posting' end)
            as automatic_reason
    from posted
)

select
    judged.* exclude (is_wanted),
    judged.automatic_reason is not null as is_automatic,
    not (judged.is_low_information or judged.is_repost or judged.automatic_reason is not null) as is_counted,
    copies.copy_of,
    copies.copy_kind,
    copies.copy_number,
    copies.novelty
from judged
join copies using (text_id)
where judged.is_wanted
