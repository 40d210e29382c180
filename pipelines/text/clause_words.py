"""Words by which a sentence about several companies is divided. Not here: the cutting, how much a word weighs."""

_GOOD = """
up higher gain gains gained gaining rise rises rose rising soar soars soared soaring surge surges surged surging jump
jumps jumped jumping rally rallies rallied rallying climb climbs climbed climbing rebound rebounds rebounded rebounding
recover recovers recovered pop pops popped popping beat beats outperform outperforms outperformed outperforming advance
advances advanced strong stronger strength great good amazing awesome excellent fantastic best better bullish long buy
buying bought add adding added accumulate accumulating love loved loving win wins won winning winner green upgrade
upgrades upgraded moon mooning rocket rocketing ripping rips ripped flies flying breakout undervalued overweight solid
calls booming boom boomed thriving grow grows grew growing double doubles doubled strengthen strengthens strengthened
shine shines shone prefer ▲ ↑ 📈 🚀
"""
_BAD = """
down lower fall falls fell falling drop drops dropped dropping slump slumps slumped slumping plunge plunges plunged
plunging tumble tumbles tumbled tumbling slide slides slid sliding sink sinks sank sinking dip dips dipped dipping slip
slips slipped slipping crash crashes crashed crashing tank tanks tanked tanking miss misses missed missing decline
declines declined declining weak weaker weakness weaken weakens weakened bad worse worst terrible awful horrible bearish
short shorting shorted sell selling sold dump dumping dumped avoid avoiding hate hated hating trash garbage crap junk
dead dying loser lose loses lost losing red downgrade downgrades downgraded underperform underperforms underperformed
underperforming lag lags lagged lagging struggle struggles struggled struggling suffer suffers suffered overvalued
underweight cut puts bleeding bleeds bled trouble toast doomed collapse collapses collapsed collapsing ease eases eased
retreat retreats retreated dull flat ▼ ↓ 📉
"""
_ACTS = """
long longs short shorts shorting shorted buy buying bought sell selling sold add adding added dump dumping dumped avoid
avoiding hate hated love loved like liked bullish bearish prefer trim trimming trimmed exit exited own owning hold
holding cover covering covered accumulating overweight underweight calls puts positive negative cautious bull bear ditch
ditched upgrade upgrades upgraded downgrade downgrades downgraded
"""
_CONTRASTS = "but while whereas although though however yet"
_LINKS = "and as after because since vs versus then plus"
_LEADS = """
the my our their its your this that these both even also meanwhile today yesterday now so still shares stock share of
old poor only all i i'm im we we're am are will would really just do did ! ' " “ ” ‘
"""
_EMPTY = """
a an is was be been to in on at for by with from not no nor or it it's they he she you too well 's same instead rather
more less much either neither yes ok via rt re et al inc corp co ltd plc & / + ] [ ? * ~ = # @
"""
_SINGULAR = "is was has looks seems isn't wasn't hasn't"
_VERBS = "are were will would keeps continues remains aren't won't just still"
_DOUBTS = "not no never nobody none neither nor cannot hardly doubt deny if whether unless"

# Take a stand on a company.
GOOD = frozenset(_GOOD.split())
BAD = frozenset(_BAD.split())
# What a writer does with a company or thinks of it, said before its name: "short INTC", "bearish on INTC".
ACTS = frozenset(_ACTS.split())

FULL_MARKS = frozenset((";", "|"))
DASHES = frozenset(("-", "–", "—", "--"))
LABELS = DASHES | {":"}  # end a label: "$MU: strong"
CONTRASTS = frozenset(_CONTRASTS.split())
SEPARATORS = FULL_MARKS | DASHES | CONTRASTS | frozenset((*_LINKS.split(), *",:()…."))
JOINERS = frozenset((",", "and", "&", "or", "nor", "/", "+", "plus", "(", ")"))  # of companies named in one breath

# Open a clause without saying anything of the company that follows.
LEADS = SEPARATORS | frozenset(_LEADS.split())
# Say nothing: a clause needs another word than these.
EMPTY = LEADS | frozenset(_EMPTY.split())
# Stand before a cashtag that belongs to the sentence, as in "and short $INTC".
GOVERNING = (ACTS | EMPTY) - DASHES - frozenset("'\"“”‘)]*~|")
# Follow a company, not a list of them.
SINGULAR = frozenset(_SINGULAR.split())
# Follow a company at once where something is said of it.
VERBS = SINGULAR | frozenset((*_VERBS.split(), ":"))
# Turn a comparison round, or leave it open.
DOUBTS = frozenset(_DOUBTS.split())
