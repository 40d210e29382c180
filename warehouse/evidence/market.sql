-- Every session's return of every ticker beside its benchmark's, as the event study estimates from.
select
    returns.ticker,
    returns.trading_day,
    sessions.session_number,
    returns.return_1d,
    returns.benchmark,
    benchmark.return_1d as benchmark_return_1d
from core.returns
join core.sessions using (calendar, trading_day)
left join core.returns as benchmark
    on benchmark.ticker = returns.benchmark
    and benchmark.calendar = returns.calendar
    and benchmark.trading_day = returns.trading_day
order by returns.ticker, returns.trading_day
