-- Every mention names a ticker of core.instruments.
-- on: core.mentions
-- severity: error
select mentions.text_id, mentions.ticker, mentions.rule, mentions.matched
from core.mentions
anti join core.instruments using (ticker)
