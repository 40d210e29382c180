-- Tables of mart that hold the evidence: computed in pipelines/evidence, not by a query.
-- Must also run on DuckLake: no primary keys, indexes, sequences or enums; keys are kept by the writer and proved by checks.

create table if not exists mart.signal_quality (
    scorer varchar,
    source varchar,
    universe varchar,
    method varchar,
    signal varchar,
    horizon integer,
    return_kind varchar,
    ic double,
    pearson_ic double,
    icir double,
    hit_rate double,
    slope_bps double,
    slope_low_bps double,
    slope_high_bps double,
    spread_bps double,
    net_spread_bps double,
    turnover double,
    t_hac double,
    p_hac double,
    p_fixed_b double,
    p_reverse double,
    non_overlapping_ic double,
    p_non_overlapping double,
    ic_low double,
    ic_high double,
    in_sample_ic double,
    out_of_sample_ic double,
    p_out_of_sample double,
    session_count bigint,
    name_count double,
    p double,
    q double,
    q_by double,
    family_size bigint,
    verdict varchar,
    reason varchar
);
comment on table mart.signal_quality is 'One row per scorer, source, universe, signal and horizon: how well the signal of a session orders, or predicts, the returns that begin after it. A figure that cannot be had is NULL and reason says why.';
comment on column mart.signal_quality.scorer is 'Whose reading.';
comment on column mart.signal_quality.source is 'all, or one service.';
comment on column mart.signal_quality.universe is 'A calendar (its tickers of 30 sessions or more), or one ticker: by mean_sentiment, and by every signal where its calendar has fewer than 5 tickers for a cross-section.';
comment on column mart.signal_quality.method is 'cross-section: correlation across tickers, session by session; regression: of one ticker over time.';
comment on column mart.signal_quality.signal is 'Column of mart.ticker_days.';
comment on column mart.signal_quality.horizon is 'Sessions ahead: the forward return of that many sessions, entered at the first open after the cut-off.';
comment on column mart.signal_quality.return_kind is 'abnormal (minus the benchmark), raw where there is no benchmark with prices, or mixed.';
comment on column mart.signal_quality.ic is 'Information coefficient: mean over sessions of Spearman''s correlation across tickers; for one ticker Spearman''s over time.';
comment on column mart.signal_quality.pearson_ic is 'The same with Pearson''s.';
comment on column mart.signal_quality.icir is 'ic / standard deviation of the session''s coefficients, per session; NULL for one ticker.';
comment on column mart.signal_quality.hit_rate is 'Share of sessions with a coefficient above 0; for one ticker of sessions with signal and return on the same side of their means.';
comment on column mart.signal_quality.slope_bps is 'Basis points of return per 1 standard deviation of the signal; NULL for a cross-section.';
comment on column mart.signal_quality.slope_low_bps is 'Lower end of its 95 % interval.';
comment on column mart.signal_quality.slope_high_bps is 'Upper end of its 95 % interval.';
comment on column mart.signal_quality.spread_bps is 'Mean forward return of the top fifth minus the bottom fifth (thirds below 10 tickers), basis points; NULL for one ticker.';
comment on column mart.signal_quality.net_spread_bps is 'The same after the cost of trading it (CROWDTAPE_COST_BPS a side, by turnover, a horizon''s part of the book each session).';
comment on column mart.signal_quality.turnover is 'Share of the names of both ends that are new against the book of horizon sessions before, divided by the horizon: what a session renews, as each holds for the horizon. spread - net = 4 x cost x horizon x turnover.';
comment on column mart.signal_quality.t_hac is 't with HAC errors (Bartlett, 2 x horizon lags, small-sample correction).';
comment on column mart.signal_quality.p_hac is 'Its two-sided p by the t distribution. Too small at long horizons.';
comment on column mart.signal_quality.p_fixed_b is 'Its p by fixed-b asymptotics (Kiefer and Vogelsang 2005), which long lags do not fool.';
comment on column mart.signal_quality.p_reverse is 'Its p by reverse regression (Hodrick 1992): one-session returns against the signal summed over the horizon''s sessions before, which has no overlap. With the cut-off at the open its later sessions are one too late: the level holds, the power is less.';
comment on column mart.signal_quality.non_overlapping_ic is 'Estimate over every horizon-th session only, so that no two returns overlap; Pearson''s for one ticker.';
comment on column mart.signal_quality.p_non_overlapping is 'Its two-sided p.';
comment on column mart.signal_quality.ic_low is 'Lower end of the 95 % interval of ic: block bootstrap; fixed-b for one ticker.';
comment on column mart.signal_quality.ic_high is 'Upper end of it.';
comment on column mart.signal_quality.in_sample_ic is 'Over the first 70 % of the calendar''s sessions in the table; Pearson''s for one ticker.';
comment on column mart.signal_quality.out_of_sample_ic is 'Over the rest, after an embargo of 20 sessions, the longest horizon; NULL below 30 sessions.';
comment on column mart.signal_quality.p_out_of_sample is 'Its two-sided p.';
comment on column mart.signal_quality.session_count is 'n: sessions with a coefficient, or with signal and return.';
comment on column mart.signal_quality.name_count is 'Tickers in a session, on average.';
comment on column mart.signal_quality.p is 'The p-value that the verdict rests on: the larger of p_fixed_b and p_reverse; 1 where the two point in different directions.';
comment on column mart.signal_quality.q is 'False discovery rate at which this test would be called evidence (Benjamini and Hochberg 1995), over its family; NULL where nothing was tested.';
comment on column mart.signal_quality.q_by is 'The same without any assumption about how the tests depend on each other (Benjamini and Yekutieli 2001).';
comment on column mart.signal_quality.family_size is 'Tests in the family: every row of this table that has a p.';
comment on column mart.signal_quality.verdict is 'In words, at q <= 0.05, with n sessions: evidence: …, no evidence (…), or not tested: why.';
comment on column mart.signal_quality.reason is 'Why there are no figures; NULL where there are.';

create table if not exists mart.lead_lag (
    scorer varchar,
    signal varchar,
    calendar varchar,
    universe varchar,
    lag integer,
    question varchar,
    return_kind varchar,
    ticker_count bigint,
    correlation double,
    correlation_low double,
    correlation_high double,
    t_hac double,
    p_hac double,
    hac_lags integer,
    p double,
    q double,
    q_by double,
    family_size bigint,
    verdict varchar,
    session_count bigint,
    reason varchar
);
comment on table mart.lead_lag is 'One row per scorer, universe and lag: correlation of mean_sentiment of session t with the return of session t + lag. Which comes first?';
comment on column mart.lead_lag.scorer is 'Whose reading.';
comment on column mart.lead_lag.signal is 'Column of mart.ticker_days.';
comment on column mart.lead_lag.calendar is 'Trading calendar.';
comment on column mart.lead_lag.universe is 'One ticker, or the calendar: its tickers together, each standardised by itself.';
comment on column mart.lead_lag.lag is 'Sessions by which the return follows the sentiment: -5 to 5.';
comment on column mart.lead_lag.question is 'sentiment first (lag > 0), same session (0: that return began before the texts, and with a cut-off before the close it ends after them), returns first (< 0).';
comment on column mart.lead_lag.return_kind is 'abnormal, raw or mixed; close to close.';
comment on column mart.lead_lag.ticker_count is 'Tickers it stands on.';
comment on column mart.lead_lag.correlation is 'Pearson''s correlation, -1 to 1.';
comment on column mart.lead_lag.correlation_low is 'Lower end of its 95 % interval (HAC, fixed-b).';
comment on column mart.lead_lag.correlation_high is 'Upper end of it.';
comment on column mart.lead_lag.t_hac is 't with HAC errors; of a calendar from the series of its sessions, so that tickers may move together.';
comment on column mart.lead_lag.p_hac is 'Its two-sided p by the t distribution.';
comment on column mart.lead_lag.hac_lags is 'Lags of the HAC errors.';
comment on column mart.lead_lag.p is 'The p-value that the verdict rests on: fixed-b asymptotics (Kiefer and Vogelsang 2005), with the larger of the HAC and the ordinary error for one ticker.';
comment on column mart.lead_lag.q is 'False discovery rate at which this test would be called evidence (Benjamini and Hochberg 1995), over its family; NULL where nothing was tested.';
comment on column mart.lead_lag.q_by is 'The same without any assumption about how the tests depend on each other (Benjamini and Yekutieli 2001).';
comment on column mart.lead_lag.family_size is 'Tests in the family: every row of this table with the same question that has a p.';
comment on column mart.lead_lag.verdict is 'In words, at q <= 0.05, with n sessions: evidence: …, no evidence (…), or not tested: why.';
comment on column mart.lead_lag.session_count is 'n: sessions with a pair.';
comment on column mart.lead_lag.reason is 'Why there are no figures; NULL where there are.';

create table if not exists mart.granger (
    scorer varchar,
    signal varchar,
    calendar varchar,
    universe varchar,
    direction varchar,
    lag_count integer,
    return_kind varchar,
    f double,
    p double,
    f_classical double,
    p_classical double,
    effect double,
    effect_unit varchar,
    q double,
    q_by double,
    family_size bigint,
    verdict varchar,
    session_count bigint,
    reason varchar
);
comment on table mart.granger is 'One row per scorer, ticker and direction: does the past of the one add to the past of the other? (Granger 1969)';
comment on column mart.granger.scorer is 'Whose reading.';
comment on column mart.granger.signal is 'Column of mart.ticker_days.';
comment on column mart.granger.calendar is 'Trading calendar.';
comment on column mart.granger.universe is 'The ticker.';
comment on column mart.granger.direction is 'sentiment to returns, or returns to sentiment.';
comment on column mart.granger.lag_count is 'Lags of each series, in sessions.';
comment on column mart.granger.return_kind is 'abnormal or raw; close to close.';
comment on column mart.granger.f is 'Wald F that all lags of the other series have no effect, with HC3 errors.';
comment on column mart.granger.p is 'The p-value that the verdict rests on: of f.';
comment on column mart.granger.f_classical is 'The same F with one variance for all sessions.';
comment on column mart.granger.p_classical is 'Its p.';
comment on column mart.granger.effect is 'Sum of the lags'' slopes, in effect_unit.';
comment on column mart.granger.effect_unit is 'bps per sd of sentiment, or sd of sentiment per 1 % of return.';
comment on column mart.granger.q is 'False discovery rate at which this test would be called evidence (Benjamini and Hochberg 1995), over its family; NULL where nothing was tested.';
comment on column mart.granger.q_by is 'The same without any assumption about how the tests depend on each other (Benjamini and Yekutieli 2001).';
comment on column mart.granger.family_size is 'Tests in the family: every row of this table with the same direction that has a p.';
comment on column mart.granger.verdict is 'In words, at q <= 0.05, with n sessions: evidence: …, no evidence (…), or not tested: why.';
comment on column mart.granger.session_count is 'n: sessions in which neither series lacks a value or a lag.';
comment on column mart.granger.reason is 'Why there are no figures; NULL where there are.';

create table if not exists mart.events (
    ticker varchar,
    trading_day date,
    session_number bigint,
    scorer varchar,
    origin varchar,
    direction varchar,
    label varchar,
    sentiment_z double,
    text_count bigint,
    voice varchar,
    newness varchar,
    is_used boolean,
    model varchar,
    alpha double,
    beta double,
    sigma double,
    estimation_count bigint,
    reason varchar
);
comment on table mart.events is 'One row per event: a session in which a ticker''s sentiment stood far from its usual level, or one that the user listed.';
comment on column mart.events.ticker is 'The ticker.';
comment on column mart.events.trading_day is 'Session of the event; the day as written where no session was found.';
comment on column mart.events.session_number is 'Its number in core.sessions; NULL where the ticker is unknown or its calendar ends before.';
comment on column mart.events.scorer is 'Whose reading; NULL for an event listed by the user.';
comment on column mart.events.origin is 'sentiment: |sentiment_z| beyond CROWDTAPE_EVENT_Z with enough texts; listed: of a file in the inbox''s events/.';
comment on column mart.events.direction is 'positive or negative; NULL for a listed event.';
comment on column mart.events.label is 'The user''s own group of a listed event.';
comment on column mart.events.sentiment_z is 'mart.ticker_days.sentiment_z of the session.';
comment on column mart.events.text_count is 'Texts of the session.';
comment on column mart.events.voice is 'author against crowd: posts and comments take opposite sides; together: the same side; NULL where either takes none.';
comment on column mart.events.newness is 'copied: at least half of the texts repeat an earlier one; novel: fewer.';
comment on column mart.events.is_used is 'False where its window (from the first to the last session of all windows set) overlaps that of an earlier event of the ticker, which is kept instead. An event with too few sessions before it displaces none; it has no model and is in no figure.';
comment on column mart.events.model is 'market (alpha + beta x benchmark), or mean (the ticker''s own) where there is no benchmark with prices; NULL where neither can be estimated.';
comment on column mart.events.alpha is 'Of the model, per session, a fraction.';
comment on column mart.events.beta is 'Of the market model; NULL for the mean.';
comment on column mart.events.sigma is 'Standard deviation of the residuals, RSS/(L - 2) for the market model, RSS/(L - 1) for the mean.';
comment on column mart.events.estimation_count is 'L: sessions that the model was estimated on; they end 20 sessions before the event, 10 before the widest window that can be set.';
comment on column mart.events.reason is 'Why it is dropped, or which figures are missing; NULL where all is well.';

create table if not exists mart.event_returns (
    ticker varchar,
    trading_day date,
    scorer varchar,
    origin varchar,
    window_start integer,
    window_end integer,
    car double,
    scar double
);
comment on table mart.event_returns is 'One row per event with a model and window: its cumulated abnormal return.';
comment on column mart.event_returns.ticker is 'The ticker.';
comment on column mart.event_returns.trading_day is 'Session of the event; the day as written where no session was found.';
comment on column mart.event_returns.scorer is 'Whose reading; NULL for an event listed by the user.';
comment on column mart.event_returns.origin is 'sentiment: |sentiment_z| beyond CROWDTAPE_EVENT_Z with enough texts; listed: of a file in the inbox''s events/.';
comment on column mart.event_returns.window_start is 'First session of the window, relative to the event.';
comment on column mart.event_returns.window_end is 'Last session of it.';
comment on column mart.event_returns.car is 'Cumulated abnormal return, a fraction: close to close, model of mart.events. NULL where a session is missing.';
comment on column mart.event_returns.scar is 'car over its own standard deviation, the error of the estimated model included.';

create table if not exists mart.event_study (
    scorer varchar,
    origin varchar,
    event_group varchar,
    model varchar,
    window_start integer,
    window_end integer,
    question varchar,
    event_count bigint,
    dropped_count bigint,
    excluded_count bigint,
    ticker_count bigint,
    day_count bigint,
    mean_car double,
    car_se double,
    car_low double,
    car_high double,
    naive_t double,
    naive_p double,
    patell_z double,
    patell_p double,
    bmp_t double,
    bmp_p double,
    kp_t double,
    kp_p double,
    rank_t double,
    rank_p double,
    sign_z double,
    sign_p double,
    positive_share double,
    mean_correlation double,
    p double,
    q double,
    q_by double,
    family_size bigint,
    verdict varchar,
    reason varchar
);
comment on table mart.event_study is 'One row per scorer, origin, group of events, model and window: mean cumulated abnormal return with its tests (MacKinlay 1997). Overlapping events are dropped and counted.';
comment on column mart.event_study.scorer is 'Whose reading; NULL for listed events.';
comment on column mart.event_study.origin is 'sentiment or listed.';
comment on column mart.event_study.event_group is 'all (negative events turned round: above 0 means that prices went the way of the talk), positive, negative, each by voice and newness; of listed events all and the user''s labels.';
comment on column mart.event_study.model is 'market or mean.';
comment on column mart.event_study.window_start is 'First session of the window, relative to the event.';
comment on column mart.event_study.window_end is 'Last session of it.';
comment on column mart.event_study.question is 'before (the window ends before the event), around (it holds the event''s session), after.';
comment on column mart.event_study.event_count is 'N: events in the figures.';
comment on column mart.event_study.dropped_count is 'Overlapping events left out.';
comment on column mart.event_study.excluded_count is 'Events without an estimate or with a session missing.';
comment on column mart.event_study.ticker_count is 'Different tickers among the N.';
comment on column mart.event_study.day_count is 'Different sessions among the N.';
comment on column mart.event_study.mean_car is 'Mean cumulated abnormal return, a fraction.';
comment on column mart.event_study.car_se is 'Its standard error, which allows for events that move together.';
comment on column mart.event_study.car_low is 'Lower end of its 95 % interval.';
comment on column mart.event_study.car_high is 'Upper end of it.';
comment on column mart.event_study.naive_t is 't as if the events were independent: far too large where they share their days.';
comment on column mart.event_study.naive_p is 'Its two-sided p.';
comment on column mart.event_study.patell_z is 'Patell 1976.';
comment on column mart.event_study.patell_p is 'Its two-sided p.';
comment on column mart.event_study.bmp_t is 'Boehmer, Musumeci and Poulsen 1991: allows for variance that the event brings.';
comment on column mart.event_study.bmp_p is 'Its two-sided p.';
comment on column mart.event_study.kp_t is 'Kolari and Pynnönen 2010: the same, and allows for events that move together.';
comment on column mart.event_study.kp_p is 'Its two-sided p.';
comment on column mart.event_study.rank_t is 'Generalised rank test (Kolari and Pynnönen 2011).';
comment on column mart.event_study.rank_p is 'Its two-sided p.';
comment on column mart.event_study.sign_z is 'Generalised sign test (Cowan 1992).';
comment on column mart.event_study.sign_p is 'Its two-sided p.';
comment on column mart.event_study.positive_share is 'Share of events with a car above 0.';
comment on column mart.event_study.mean_correlation is 'Mean correlation between the residuals of two events; below 0 it counts as 0 in the tests.';
comment on column mart.event_study.p is 'The p-value that the verdict rests on: kp_p.';
comment on column mart.event_study.q is 'False discovery rate at which this test would be called evidence (Benjamini and Hochberg 1995), over its family; NULL where nothing was tested.';
comment on column mart.event_study.q_by is 'The same without any assumption about how the tests depend on each other (Benjamini and Yekutieli 2001).';
comment on column mart.event_study.family_size is 'Tests in the family: every row of this table with the same question that has a p.';
comment on column mart.event_study.verdict is 'In words, at q <= 0.05, with n events: evidence: …, no evidence (…), or not tested: why.';
comment on column mart.event_study.reason is 'Why there are no figures; NULL where there are.';
