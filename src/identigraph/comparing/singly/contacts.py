"""E-mail addresses on two rows: made of names, names looked for in them, what is left of them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rapidfuzz.distance import OSA

from identigraph.comparing.comparator import counts_of
from identigraph.comparing.mail_names import FEW, LEAST, MadeOfNames, NameInMail
from identigraph.comparing.mail_rest import HEAD, TYPOS, RestOfMail
from identigraph.comparing.singly.plan import Grade, Plan, Row, Way, kept
from identigraph.comparing.strings import begin_alike

OTHER = re.compile("[^a-z]")
DIGIT = re.compile("[0-9]")


def made_of_names(grader: MadeOfNames, plan: Plan) -> Grade:
    """Return 1 where the local parts of both rows are made of names."""
    local, (given, family) = plan.place(grader.local), map(plan.place, grader.names)
    made, numbered = plan.once(("made of names",), lambda: (kept(_made), kept(_numbered)))
    same, everywhere = grader.same, grader.domain is None
    domain = local if grader.domain is None else plan.place(grader.domain)
    counts = None if grader.domain is None else counts_of(plan.records, grader.domain).ready()
    many = kept(lambda value: counts is not None and value is not None and counts.number(value) > FEW)

    def grade(left: Row, right: Row) -> int:
        one, other = left[local], right[local]
        if one is None or other is None:
            return 0
        if one == other and (not same or numbered(one)):
            return 0
        if not (everywhere or (many(left[domain]) and many(right[domain]))):
            return 0
        both = made(one, left[given], left[family]) and made(other, right[given], right[family])
        return 1 if both else 0

    return grade


def _made(local: str, given: str | None, family: str | None) -> bool:
    """Tell whether a local part is made of names, or is their initials."""
    letters, initials = OTHER.sub("", local), ""
    for name in (given, family):
        joined = "" if name is None else name.replace(" ", "")
        if joined in letters and len(joined) >= LEAST:
            return True
        initials += joined[:1]
    return letters == initials != ""


def _numbered(local: str) -> bool:
    return DIGIT.search(local) is not None


def name_in_mail(measure: NameInMail, plan: Plan) -> Grade:
    """Return the best grade of any name that one row lacks, -1 where there is none to look for."""
    local, names = plan.place(measure.local), [plan.place(name) for name in measure.names]

    def level(left: Row, right: Row) -> int:
        best = -1
        for place in names:
            one, other = left[place], right[place]
            if (one is None) == (other is None):
                continue
            name, mail = (other, left[local]) if one is None else (one, right[local])
            if name is not None and mail is not None:
                best = max(best, _held(name, mail))
        return best

    return level


def _held(name: str, local: str) -> int:
    """Return 2 where a local part holds a name, 1 where it begins with its initial, else 0."""
    if len(name) >= LEAST and name in local:
        return 2
    return 1 if begin_alike(name, local, 1) else 0


def rest_of_mail(measure: RestOfMail, plan: Plan) -> Grade:
    """Return how what is left of an address agrees, -1 where both have it whole, or nothing is left."""
    places = [plan.place(f"{measure.field}{part}") for part in ("", ".beginning", ".local", ".digits")]
    whole, beginning, local, digits = places

    def fits(left: Row, right: Row) -> int:
        start, other = left[beginning], right[local] if right[local] is not None else right[beginning]
        if start is None or other is None:
            return -1
        return 1 if begin_alike(start, other, min(len(start) or 1, len(other) or 1, HEAD)) else 0

    def level(left: Row, right: Row) -> int:
        if left[whole] is not None and right[whole] is not None:
            return -1
        found, one, other = max(fits(left, right), fits(right, left)), left[digits], right[digits]
        return found if one is None or other is None else max(found, _digits(one, other))

    return level


def _digits(one: str, other: str) -> int:
    """Return 4 less the typos between two texts of digits, 0 where there are too many."""
    typos = OSA.distance(one, other, score_cutoff=TYPOS)
    return 0 if typos > TYPOS else 4 - typos


CONTACTS: Mapping[type, Way] = {MadeOfNames: made_of_names}
