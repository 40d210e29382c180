"""Pieces that scoring tests put texts together from: every word, mark and quirk that a rule looks at."""

import string

from vaderSentiment import vaderSentiment

PACKAGE = vaderSentiment.SentimentIntensityAnalyzer()

LEXICON = sorted(PACKAGE.lexicon)
BOOSTERS = sorted(vaderSentiment.BOOSTER_DICT)
NEGATIONS = sorted(vaderSentiment.NEGATE)
IDIOMS = sorted(vaderSentiment.SPECIAL_CASES)
EMOJI = sorted(PACKAGE.emojis)

RULE_WORDS = [
    "but", "BUT", "But", "no", "NO", "or", "nor", "never", "so", "this", "without", "doubt", "least",
    "at", "very", "VERY", "kind", "of", "kinda", "just", "enough", "sort", "the", "bad", "ass", "bus",
    "stop", "yeah", "right", "kiss", "death", "to", "die", "for", "beating", "heart", "bomb", "not",
    "isn't", "ain't", "n't", "wouldn't've", "shouldN'T",
]  # fmt: skip

# Few words with few valences, so that sums cancel out and equal values meet after "but".
TWINS = [
    "good", "nice", "great", "bad", "sad", "love", "hate", "fun", "ok", "no", "shit", "ass", "stop",
    "die", "shitty",
]  # fmt: skip

EMOTICONS = ["!!", "???", "????", "...", "!?", ":)", ":(", "<3", ":D", "(:", "(a)", "((((ab))))"]
MARKS = [*string.punctuation, *EMOTICONS]

SPACES = [
    " ", "\t", "\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x1f", "\x85", "\xa0", "\u1680", "\u2000",
    "\u2003", "\u200a", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "  ", "\r\n",
]  # fmt: skip

# Case: sigmas, dotted and dotless i, Kelvin (its lower case is "k"), Angstrom, ligatures, title case, letters
# whose case has no partner or a distant one, and letters without case.
CASED = [
    "Σ", "ΟΔΟΣ", "σ", "ς", "İ", "ı", "\u212aIND", "\u212ailler", "boo\u212a", "\u212b", "ß", "ẞ", "ﬁ",
    "ǅ", "ǆ", "Ǆ", "ª", "ʰ", "Ⅷ", "ⅷ", "Ⓐ", "𝐀", "𝐚", "𐐀", "𐐨", "漢字", "ن", "ñ", "É", "ÉCLAT", "é",
    "ＧＯＯＤ", "boo\u0345", "e\u0301",
]  # fmt: skip

# Quotes, joiners, selectors, what looks like a space and is none, controls, currency, emoji of each kind.
WIDE = [
    "’", "“", "”", "…", "—", "！", "？", "©", "®", "🅰", "🅾", "🔛", "🆙", "❤", "♥", "★", "₩", "£", "€", "¥",
    "•", "\u200b", "\u200d", "\u200e", "\ufeff", "\ufe0f", "\U0001f3fb", "\u180e", "\x00", "\x7f",
    "\x80", "\uffff", "\U0010ffff", "n’t", "£€", "❤\ufe0f", "👩\u200d❤\ufe0f\u200d💋\u200d👩", "🇺🇸",
    "#\ufe0f\u20e3",
]  # fmt: skip

NEUTRAL = [
    "tape", "Tape", "TAPE", "I", "a", "AB", "x1", "12%", "$MU", "#tag", "@name", "http://t.co/x",
    "e-mail", "1", "2.5",
]  # fmt: skip

GROUPS = [
    LEXICON, BOOSTERS, NEGATIONS, IDIOMS, EMOJI, RULE_WORDS, TWINS, MARKS, SPACES, CASED, WIDE, NEUTRAL,
]  # fmt: skip
