# %% [markdown]
# # A tour
#
# From the published file to a plot, in pandas and in polars; then what the evidence says, and a panel for alphalens.
# Every `# %%` is a cell in VS Code, PyCharm, Spyder and, with Jupytext, Jupyter. After `make demo`, as a script:
# `.venv/bin/python docs/tour.py` writes the charts to `warehouse/demo/tour.html`, a page that needs no network.

# %% Where the sample is: `make demo` built it in the clone, which may be any folder above
import sys
from pathlib import Path

HERE = Path.cwd()
ROOT = next((path for path in (HERE, *HERE.parents) if (path / "warehouse/demo/published.duckdb").is_file()), HERE)
DEMO = ROOT / "warehouse" / "demo"
sys.path.append(str(ROOT))  # for `pipelines`, at the end

# %% With pandas: does a cheerful session go before a rise? On NVDA that was planted, on AAPL it was not
import altair as alt
import duckdb

con = duckdb.connect(DEMO / "published.duckdb", read_only=True, config={"enable_external_access": "false"})
asked = "select ticker, mean_sentiment, forward_return_1d from mart.ticker_days where scorer = 'finance'"
days = con.execute(f"{asked} and ticker in ('NVDA', 'AAPL')").to_arrow_table().to_pandas()
ahead = alt.Y("forward_return_1d", title="next open to close", axis=alt.Axis(format="%"))
dots = alt.Chart(days).mark_circle(opacity=0.35).encode(alt.X("mean_sentiment", title="mean sentiment"), ahead)
line = dots.transform_regression("mean_sentiment", "forward_return_1d").mark_line(color="#b04a00")
both = (dots + line).properties(width=285, height=200)
next_session = both.facet(alt.Facet("ticker", title=None), title="The session after")
next_session

# %% With polars: GME week by week. A week of silence is a gap in the line, not a zero
import polars as pl

asked = "select trading_day, mean_sentiment, text_count from mart.ticker_days where scorer = 'finance'"
days = pl.from_arrow(con.execute(f"{asked} and ticker = 'GME' order by trading_day").to_arrow_table())
weeks = days.group_by_dynamic("trading_day", every="1w").agg(pl.mean("mean_sentiment"), pl.sum("text_count"))
week = alt.Chart(weeks).encode(alt.X("trading_day:T", title=None)).properties(width=600)
mood = week.mark_line(point=True, invalid="break-paths-show-domains").encode(alt.Y("mean_sentiment", title="mood"))
said = week.mark_bar(color="#6e7781").encode(alt.Y("text_count", title="texts"))
by_week = mood.properties(height=140, title="GME by week") & said.properties(height=60)
by_week

# %% What the evidence says: q is how many of the findings up to here would be false
evidence = con.execute(
    """select universe, session_count as n, slope_bps, slope_low_bps, slope_high_bps, q, verdict
    from mart.signal_quality
    where scorer = 'finance' and method = 'regression' and signal = 'mean_sentiment' and horizon = 1
    order by slope_bps desc"""
).to_arrow_table()
print(evidence.to_pandas()[["universe", "slope_bps", "verdict"]].round().to_string(index=False))

found = alt.Chart(evidence).encode(alt.Y("universe:N", sort=None, title=None)).properties(width=600)
reach = found.mark_rule().encode(alt.X("slope_low_bps:Q", title="bps per 1 sd, 95 %"), x2="slope_high_bps:Q")
slope = found.mark_point(filled=True, size=70, opacity=1).encode(x="slope_bps:Q")
zero = alt.Chart(alt.Data(values=[{}])).mark_rule(strokeDash=[4, 3]).encode(x=alt.datum(0))
intervals = (zero + reach + slope).properties(title="From the next open to its close")
intervals

# %% Into alphalens: a reading dated t was known before the open of t, and that open is its price (docs/exports.md)
import alphalens

from pipelines.export.panels import forward_returns, trading_panel

panel = trading_panel(con, "XNYS", scorer="finance", signal="mean_sentiment")
data = alphalens.utils.get_clean_factor(panel.factor, forward_returns(panel.prices), quantiles=4)
coefficients = alphalens.performance.factor_information_coefficient(data)
print(f"mean information coefficient, open to next open: {coefficients['1D'].mean():.3f}")

months = coefficients["1D"].resample("MS").mean().rename("mean IC").reset_index()
month = alt.Chart(months).mark_bar(size=20).encode(alt.X("yearmonth(date):T", title=None), alt.Y("mean IC"))
by_month = month.properties(width=600, height=120, title="Information coefficient by month")
by_month

# %% All of it on one page, in the colours of the reports
from pipelines.report.theme import LIGHT

page = alt.vconcat(next_session, by_week, intervals, by_month).configure(**LIGHT.config())
page.save(DEMO / "tour.html", inline=True)
con.close()
print(f"charts → {DEMO / 'tour.html'}")
