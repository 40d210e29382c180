"""Words by which the furniture of web pages is known: buttons, legal and account lines, promises of rewards.

Here: a modest vocabulary, each entry common to many sites.
Not here: the decision what a page's text is. It rests on where prose is dense and on shared words
(``page_prose``), so furniture that is not in these lists is cut off as well.

Every function takes a folded line (``page_lines.key``): lower case, single spaces.
"""

import re

LONGEST_PROMOTION = 280  # characters
_LONGEST_SLOGAN = 150  # a longer paragraph may speak about the platform itself

_BUTTON = re.compile(
    "|".join(
        [
            "post-image|image",
            "view (?:original|more|all)|translate|see (?:translation|more|original)",
            "show (?:more|less)|read more",
            "(?:story continues below )?advertisement|sponsored|promoted|ad",
            "follow(?:ing)?|share(?: (?:this|on|to) .{0,30})?|copy link|save|print",
            "listen(?: to (?:this )?article)?",
            "facebook|twitter|x|linkedin|whatsapp|telegram|email|comments?|skip to (?:main )?content",
        ]
    )
)
_FURNITURE = re.compile(
    "|".join(
        [
            r"\bcookies?\b.{0,80}(?:polic|setting|prefer|accept|experience|site|consent|use)",
            r"\bprivacy (?:policy|notice)|all rights reserved|^©|^\(c\)|^copyright\b",
            r"terms (?:of|and) (?:use|service|condition)",
            r"(?:enable|requires?|disabled?) javascript|javascript (?:is|to)\b|cloudflare|ray id",
            r"\b(?:subscribe|unsubscribe|newsletters?|inbox)\b|\bsign ?(?:up|in)\b|\blog ?(?:in|out)\b",
            r"\bregister (?:now|today|for)|(?:create|open) (?:an?|your) (?:free )?account",
            r"download (?:the|our) |\bapp store\b|google play|scan (?:the |this )?(?:qr|code)|follow us",
            r"(?:financial|investment|professional|legal) advice|information(?:al)? purposes",
            r"third-party content|risk (?:warning|disclosure)|^(?:disclaimer|disclosure|advertiser)",
            r"^(?:reporting|editing) by\b|^(?:photo|image|source|credit)s?:",
            r"\bis an? (?:\w+ ){0,4}(?:reporter|journalist|writer|editor|contributor|correspondent)\b",
            r"^(?:read|see|watch) (?:also|more|next)\b|^(?:also|must) read\b",
            r"^(?:more|related|continue reading)\s?[:.…]",
        ]
    )
)
_PLATFORM = re.compile(r"gate square|gate\.(?:com|io)/")
_PROMISE = re.compile(
    r"\b(win|prizes?|rewards|bonus|airdrops?|vouchers?|giveaway|hashtag|apply now|event period|submissions?|"
    r"sign up|register|"
    r"how to (?:join|participate|apply|enter)|invite friends|prize pool|download|% off|"
    r"(?:get|win|earn|up to|worth)\b.{0,20} usdt)\b"
)
_URGE = re.compile(
    r"\b(?:join|share|post|free|today|now|earn|claim|deposit|exclusive|limited|lucky|participat\w+|compete|"
    r"trade|fees?|details)\b"
)
_ENDING = re.compile(
    "|".join(
        [
            r"(?:related|recommended|trending|popular|latest|most (?:read|popular|viewed)|top)(?: \w+){0,3}",
            "more (?:from|on|stories|news|articles|in|like).*|you (?:may|might) (?:also|like).*",
            "read (?:more|next|also).*|what to read next|up next|see also.*|(?:editors?['’]? |our )picks?",
            "featured.*|recommended for you|(?:about|meet) the authors?.*|in this article",
            "(?:post )?tags?|topics?|sources?|disclaimers?|disclosures?",
            "(?:leave a |post a )?comments?|share this.*|(?:join|sign up|subscribe)\\b.*|newsletters?",
            "stay (?:informed|connected|updated).*|follow us.*|contact(?: us)?|about(?: us)?",
            "quick links|footer|company|products?|services?|support|legal|resources",
        ]
    )
)


def is_button(folded: str) -> bool:
    """Whether the whole line is a button, a share link or the place-holder of a picture."""
    return _BUTTON.fullmatch(folded.rstrip(":")) is not None


def is_furniture(folded: str) -> bool:
    """Whether a line speaks of accounts, cookies, law or newsletters, or promises rewards."""
    if _FURNITURE.search(folded) or is_promotion(folded):
        return True
    return len(folded) < _LONGEST_SLOGAN and _PLATFORM.search(folded) is not None


def is_promotion(folded: str) -> bool:
    """Whether a line promises something and promises or urges once more."""
    if len(folded) > LONGEST_PROMOTION:
        return False
    promises = set(_PROMISE.findall(folded))
    return len(promises) >= 2 or (len(promises) == 1 and _URGE.search(folded) is not None)


def is_ending(folded: str) -> bool:
    """Whether the whole line is the heading of what follows a text: related stories, tags, a newsletter."""
    return _ENDING.fullmatch(folded.rstrip(":")) is not None
