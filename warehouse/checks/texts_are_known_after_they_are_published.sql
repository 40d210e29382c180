-- No text is known before it was published.
-- on: core.texts
-- severity: error
select text_id, published_at, known_at
from core.texts
where known_at < published_at
