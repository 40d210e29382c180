"""Who set a price target: "UBS raises", "Analysts at Citi", "raised to $120 by UBS".

Not here: whose target it is (``subjects.py``).
"""

import re

_NAME = r"(?P<name>[A-Z][\w.&'’-]*(?: (?:of |& |and )?[A-Z][\w.&'’-]*){0,3}?)"
_SETS = (
    r"(?:(?:has|have|had|just|analysts?|also) )*(?:rais|lift|boost|hik|ups?\b|bump|cut|lower|slash|trim|reduc"
    r"|reiterat|maintain"
    r"|initiat|set|keep|kept|see|put|start|resum|downgrad|upgrad|rate|rating|increas|affirm|assign|call|rolls?)\w*"
)
_BEFORE = re.compile(rf"(?<![\w$#@(]){_NAME}(?:['’]s? (?:[A-Z]\w+ ){{1,2}}| )(?i:{_SETS})\b")
_BEHIND = re.compile(
    rf"\b(?:by|from|at|[Aa]nalysts? with"
    rf"|according to) (?:(?:[Aa]nalysts? )?at )?{_NAME.replace('{0,3}?', '{0,3}')}(?![\w$])"
)
_ANALYST = re.compile(rf"(?<![\w$#@(]){_NAME}(?:['’]s?)? [Aa]nalysts?\b")
_NO_NAMES = """
i we they he she it analysts analyst street pt price target stock shares the a an my our their its his her
just also and but jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july
august september october november december monday tuesday wednesday thursday friday q1 q2 q3 q4 eoy wall firm
bank broker brokerage receives gets given new overweight underweight buy hold sell neutral outperform
underperform perform equal-weight market
"""
_NOBODY = frozenset(_NO_NAMES.split())


def find_speaker(sentence: str) -> tuple[str, int] | None:
    """The name as written, and where it begins; None where the sentence names nobody."""
    for match in (*_ANALYST.finditer(sentence), *_BEHIND.finditer(sentence), *_BEFORE.finditer(sentence)):
        name = re.sub(r"['’]s?$", "", match["name"]).rstrip(".,")
        if _NOBODY.isdisjoint(name.lower().split()):
            return name, match.start("name")
    return None
