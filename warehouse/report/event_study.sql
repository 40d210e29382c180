-- One row per group of events, and window: mart.event_study of the market model, for the page of all tickers.
select event_group, window_start, window_end, event_count as n, mean_car as car, car_low as low,
    car_high as high, mean_correlation, q, verdict
from mart.event_study
where scorer = $scorer and origin = 'sentiment' and model = 'market' and event_group in ('all', 'positive', 'negative')
order by event_group, window_start, window_end
