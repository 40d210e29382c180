"""Words beside which a capital word is likely a company or its symbol. Not here: matching, sentiment."""

_FINANCE = """
stock stocks share shares shareholder shareholders equity equities ticker tickers etf etfs
call calls put puts option options strike contract contracts leaps theta gamma iv otm itm
buy buys buying bought sell sells selling sold hold holding holdings hodl
long longs short shorts shorted shorting squeeze float bull bulls bullish bear bears bearish
bagholder bagholders bagholding tendies yolo moon mooning rocket dip dips rip breakout breakdown
support resistance chart charts candle candles rsi macd ath position positions portfolio
trade trades traded trader traders trading invest invested investing investor investors investment
market markets premarket afterhours price prices priced pt upside downside valuation valued cap
earnings eps revenue revenues sales profit profits margin margins guidance forecast forecasts outlook
quarter quarterly q1 q2 q3 q4 fy results beat beats missed dividend dividends buyback buybacks split
ipo merger acquisition takeover bid stake offering dilution debt analyst analysts
upgrade upgrades upgraded downgrade downgrades downgraded overweight underweight
outperform underperform rating target rally rallies rallied rallying surge surges surged surging
soar soars soared jump jumps jumped jumping climb climbs climbed gain gains gained gainer gainers
rise rises rose rising rebound rebounds rebounded fall falls fell falling drop drops dropped dropping
slide slides slid sliding slump slumps slumped plunge plunges plunged plunging
tumble tumbles tumbled sink sinks sank crash crashes crashed tank tanks tanked tanking loss losses lost
up down green red volatility volume nasdaq nyse bitcoin crypto coin coins token tokens
"""
_COMPANY = """
inc corp corporation co company plc ltd limited llc stock stocks share shares shareholder shareholders
investor investors bull bulls bear bears call calls put puts option options earnings eps revenue revenues
results sales profit profits margins guidance dividend buyback ceo cfo coo chairman management executives
board analysts raised raises cuts slashes hikes lifts boosts beats beat misses missed reports reported
posts posted announces announced says said unveils unveiled launches launched expects forecasts warns
warned plans files filed hires fires names buys bought acquires acquired sells sold sues sued settles
agrees wins signs invests jumps jumped surges surged soars soared rallies rallied climbs climbed gains
gained rises rose rebounds falls fell drops dropped slides slid slumps slumped plunges plunged tumbles
tumbled sinks sank slips slipped dips trades traded trading closes closed opens upgraded downgraded
valuation price market q1 q2 q3 q4 fy coin token blockchain network holders
"""
_STANCE = """
bullish bearish long short shorts positive negative neutral cautious upbeat optimistic pessimistic overweight
underweight bet bets betting wager calls puts leaps spread spreads yolo yoloed yoloing position positions stake rating
ratings target targets pt upside downside outlook update updates news take takes thoughts opinion opinions view views
play plays focus focused watch eye eyes dd earnings report reports research note coverage profit profits gains gain
loss losses lost made loading loaded in doubled down up pressure impact effect tax fine fines ban depends depend wait
waiting speculation lawsuit
"""
_DEALS = """
buy buys buying bought sell sells selling sold hold holds holding held long short shorting shorted own owns owned
trade trading traded trim trimmed add adding added into
"""
_DETERMINERS = """
a an the this that these those my your our their its his her no each every any some which what new next
"""

# Stand anywhere in a sentence about a market.
FINANCE_WORDS = frozenset(_FINANCE.split())
# Follow a company's name directly: "Target raised", "Gap shares", "Block Inc".
COMPANY_WORDS = frozenset(_COMPANY.split())
# Stand before "on" where that is no place: "bullish on", "puts on", "a lawsuit on".
STANCE_WORDS = frozenset(_STANCE.split())
# Stand before a symbol that is dealt in: "bought F", "short T".
DEAL_WORDS = frozenset(_DEALS.split())
# Stand before a common noun: "the target", "my key", "a match".
DETERMINERS = frozenset(_DETERMINERS.split())
