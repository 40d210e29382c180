-- core.sessions and core.returns gained columns, which every run makes anew; core.bars, core.price_files,
-- core.minute_moves and the evidence came.
drop table if exists core.sessions;
drop table if exists core.returns;
