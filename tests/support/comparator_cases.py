"""Comparators of every builder, values that nearly agree, and what two of them should say by the plain definition."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache
from inspect import signature
from typing import Any

import attrs
import numpy as np
import polars as pl
from hypothesis import assume
from hypothesis import strategies as st
from rapidfuzz.distance import OSA
from rapidfuzz.distance import JaroWinkler as Winkler

from identigraph.comparing import (
    address,
    age,
    category,
    date,
    distance,
    email,
    exact,
    family_name,
    given_name,
    identifier,
    measured,
    measures,
    model_numbers,
    money,
    number,
    organisation_name,
    person_name,
    phone,
    postcode,
    scored_by,
    shared,
    similar,
    sounds,
    text,
    typos,
    url,
    year,
)
from identigraph.fields import (
    Address,
    Email,
    Identifier,
    Money,
    Organisation,
    PersonName,
    Phone,
    Postcode,
    Url,
)
from identigraph.fields.derived import prefix
from identigraph.fields.nicknames import nickname_pairs

NICKNAMES = set(nickname_pairs())
Expected = tuple[int, float] | None
"""The level and the similarity of two values, None where one is missing."""

NORMALIZED = {
    Email(): "column",
    Phone(): "column",
    Phone(region="GB"): "column",
    Postcode(country="GB"): "column",
    Money(): "column",
    Url(): "column",
    Identifier(): "column",
    Organisation(): "column",
    Address(): "street",
    PersonName(): "full",
}


@cache
def parts_of(kind: Any, value: str | None) -> dict[str, str | None]:
    """Return the parts of one value, read on its own."""
    return kind.normalize(NORMALIZED[kind], pl.Series([value], dtype=pl.String)).row(0, named=True)


def slipped(word: str, place: int, slip: str, letter: str) -> str:
    """Return a word with one slip of the pen, or none."""
    place %= len(word)
    before, here, after = word[:place], word[place], word[place + 1 :]
    made = {
        "none": word,
        "dropped": before + after,
        "doubled": before + here * 2 + after,
        "replaced": before + letter + after,
        "swapped": before + after[:1] + here + after[1:],
        "turned": " ".join(reversed(word.split())),
    }
    return " ".join(made[slip].split())


def slips(words: Iterable[str], letters: str = "aehnrst") -> st.SearchStrategy[str]:
    """Return words, most with a slip."""
    how = ["none", "dropped", "doubled", "replaced", "swapped", "turned"]
    return st.builds(
        slipped, st.sampled_from(list(words)), st.integers(0, 40), st.sampled_from(how), st.sampled_from(letters)
    )


def optional(values: st.SearchStrategy[Any], *missing: Any) -> st.SearchStrategy[Any]:
    return st.one_of(*[values] * 5, st.sampled_from([None, *missing]))


def reaches(similarity: float, cutoffs: Iterable[float]) -> int:
    return sum(similarity >= cutoff - 1e-6 for cutoff in cutoffs)


def winkler(one: str, other: str) -> float:
    return Winkler.similarity(one, other)


def close(one: str, other: str, most: int) -> int:
    """Return the grade of so many typos at the most."""
    return max(most + 1 - OSA.distance(one, other), 0)


def osa_share(one: str, other: str) -> float:
    return 1 - OSA.distance(one, other) / max(len(one), len(other))


def begins(one: str, other: str) -> int:
    """Return 2 where one name is a beginning of the other, 1 where it is its initial."""
    short, long = sorted([one, other], key=len)
    return (long.startswith(short) and len(short) != len(long)) * min(len(short), 2)


def inside(one: str, other: str) -> bool:
    """Tell whether one number of seven digits or more stands in a longer one."""
    short, long = sorted([one, other], key=len)
    return 7 <= len(short) < len(long) and short in long


def share_a_word(one: str, other: str) -> bool:
    both = set(one.split()) & set(other.split())
    return (" " in one or " " in other) and any(len(word) > 2 for word in both)


Steps = Iterable[tuple[int, int]]
"""For each way of agreeing, the best first: how many grades it has, and the grade."""


def climbed(steps: Steps) -> int:
    """Return the level of the best way of agreeing."""
    steps = list(steps)
    for i, (_, grade) in enumerate(steps):
        if grade:
            return sum(size for size, _ in steps[i + 1 :]) + grade
    return 0


def plain_oracle(
    steps: Callable[[str, str, list[str]], Steps], similarity: Callable[[str, str, list[str]], float]
) -> Callable[..., Expected]:
    """Return the oracle of a column of words: equality, then steps."""

    def expected(one: str | None, other: str | None, values: list[str | None]) -> Expected:
        if not one or not other:
            return None
        corpus = [value for value in values if value]
        if one == other:
            return sum(size for size, _ in steps(one, other, corpus)) + 1, 1.0
        return climbed(steps(one, other, corpus)), similarity(one, other, corpus)

    return expected


def kind_oracle(
    kind: Any,
    steps: Callable[[dict[str, str], dict[str, str], list[str]], Steps],
    similarity: Callable[[dict[str, str], dict[str, str], list[str]], float],
    conflict: str = "",
) -> Callable[..., Expected]:
    """Return the oracle of a field: equality of its main part, then steps; other values of `conflict` differ."""

    def expected(one: str | None, other: str | None, values: list[str | None]) -> Expected:
        a, b = parts_of(kind, one), parts_of(kind, other)
        if a[""] is None or b[""] is None:
            return None
        corpus = [main for value in values if (main := parts_of(kind, value)[""])]
        if conflict and a[conflict] and b[conflict] and a[conflict] != b[conflict]:
            return 0, 0.0
        if a[""] == b[""]:
            return sum(size for size, _ in steps(a, b, corpus)) + 1, 1.0
        return climbed(steps(a, b, corpus)), similarity(a, b, corpus)

    return expected


def same(a: dict[str, str], b: dict[str, str], part: str) -> int:
    return int(a[part] is not None and a[part] == b[part])


def tfidf(one: str, other: str, corpus: list[str]) -> float:
    """Return the cosine of the sets of words, each weighted by ``log(1 + texts / texts with it)``."""
    having = Counter(word for text in corpus for word in set(text.split()))
    a, b = ({word: math.log(1 + len(corpus) / having[word]) for word in set(text.split())} for text in (one, other))
    norms = math.hypot(*a.values()) * math.hypot(*b.values())
    return sum(weight * b[word] for word, weight in a.items() if word in b) / norms


def by_measure(measure: Any, cutoffs: tuple[float, ...] = (0.7, 0.85), **options: Any) -> Callable[..., Expected]:
    """Return the oracle of a measure, which is asked one pair at a time."""
    weighs = "corpus" in signature(measure).parameters

    def similarity(one: str, other: str, corpus: list[str]) -> float:
        return measure(one, other, **options, **({"corpus": corpus} if weighs else {}))

    return plain_oracle(lambda a, b, corpus: [(len(cutoffs), reaches(similarity(a, b, corpus), cutoffs))], similarity)


def shared_letters(left: str, right: str) -> float:
    """Return the share of all letters that both texts have."""
    return len(set(left) & set(right)) / len(set(left) | set(right))


def one_slip(one: str, other: str) -> bool:
    """Tell whether a part of a date, in digits, is another one after one slip of the pen."""
    places = [i for i, (x, y) in enumerate(zip(one, other, strict=True)) if x != y]
    exchanged = places == [len(one) - 2, len(one) - 1] and one[-2:] == other[:-3:-1]
    return len(places) == 1 or exchanged or abs(int(one) - int(other)) in ({1, 10} if len(one) == 4 else {1})


def close_dates(a: list[str], b: list[str]) -> bool:
    """Tell whether two dates are at most a month of 31 days apart, but for one or ten years."""
    (y, m, d), (y2, m2, d2) = (map(int, date) for date in (a, b))
    apart = (m - m2) * 31 + d - d2
    turned = abs((y - y2) * 12 * 31 + apart) <= 31
    return turned or (abs(y - y2) in {0, 1, 10} and abs(apart) <= 31)


def date_grade(one: str, other: str) -> int:
    """Return the grade of two different dates in ISO form, as one would work it out by hand."""
    a, b = one.split("-"), other.split("-")
    if len(a) == len(b) == 3:
        equal = [x == y for x, y in zip(a, b, strict=True)]
        if a == [b[0], b[2], b[1]]:
            return 7
        if sum(equal) == 2:
            place = equal.index(False)
            return 5 if one_slip(a[place], b[place]) else 3
        return 2 * close_dates(a, b)
    if a[:2] == b[:2] and min(len(a), len(b)) == 2:
        return 6
    if a[0] == b[0] and (min(len(a), len(b)) == 1 or a[1] == b[1]):
        return 4
    return int(abs(int(a[0]) - int(b[0])) <= 2)


def date_expected(one: str | None, other: str | None, _: list[Any]) -> Expected:
    """Return how two dates in ISO form agree, digit by digit."""
    if one is None or other is None:
        return None
    if one == other:
        return 8, 1.0
    digits = [(x, y) for x, y in zip(one, other, strict=False) if x != "-"]
    equal = sum(x == y for x, y in digits) / max(len(one.replace("-", "")), len(other.replace("-", "")))
    grade = date_grade(one, other)
    return grade, 7 / 8 if grade == 7 else equal


def number_expected(
    limits: Callable[[Fraction], list[Fraction]], read: Callable[[Any], Any]
) -> Callable[..., Expected]:
    """Return the oracle of numbers, whose limits are given from the widest on for the larger of two."""

    def expected(one: Any, other: Any, _: list[Any]) -> Expected:
        a, b = read(one), read(other)
        if a is None or b is None:
            return None
        larger = max(abs(a), abs(b))
        if a == b:
            return len(limits(larger)) + 1, 1.0
        level = max((i for i, limit in enumerate(limits(larger), start=1) if abs(a - b) <= limit), default=0)
        return level, float(max(1 - abs(a - b) / larger, 0))

    return expected


def fraction(value: Any) -> Fraction | None:
    return Fraction(value) if value not in (None, "unknown") else None


def set_expected(coefficient: str) -> Callable[..., Expected]:
    """Return the oracle of sets."""

    def expected(one: set[str] | None, other: set[str] | None, _: list[Any]) -> Expected:
        if not one or not other:
            return None
        both = len(one & other)
        share = {
            "jaccard": both / len(one | other),
            "dice": 2 * both / (len(one) + len(other)),
            "overlap": both / min(len(one), len(other)),
            "any": float(both > 0),
        }[coefficient]
        return (reaches(share, (1.0,) if coefficient == "any" else (0.01, 0.5, 1.0)) if both else 0), share

    return expected


def models_expected(one: str | None, other: str | None, values: list[str | None]) -> Expected:
    """Return how the model numbers of two texts agree: all equal, one shared that few or many have, one in another."""
    having = Counter(number for value in values for number in set(numbers_in(value)))
    a, b = set(numbers_in(one)), set(numbers_in(other))
    if not a or not b:
        return None
    if a == b:
        return 4, 1.0
    most = max(0.0025 * sum(bool(numbers_in(value)) for value in values), 2)
    shared = [3 if having[number] <= most else 2 for number in a & b]
    inside = any(min(len(x), len(y)) >= 4 and (x in y or y in x) for x in a for y in b)
    grade = max([*shared, int(inside)])
    return grade, (0.0, 0.5, 0.7, 0.9)[grade]


def numbers_in(text: str | None) -> list[str]:
    """Return the words of four letters and digits and more, hyphens left out, and the long numbers."""
    plain = [word.replace("-", "") for word in (text or "").lower().split()]
    return [word for word in plain if re.fullmatch(r"(?=.*\d)(?=.*[a-z])[a-z]+[a-z0-9]{3,}|\d{5,}", word)]


CLOSE = {("married", "divorced"): 0.6, ("single", "divorced"): 0.2, ("widowed", "divorced"): 0.45, ("single", "x"): 1.0}


def category_expected(one: str | None, other: str | None, _: list[Any]) -> Expected:
    if one is None or other is None:
        return None
    share = 1.0 if one == other else CLOSE.get((one, other), CLOSE.get((other, one), 0.0))
    return 3 if one == other else reaches(share, (0.2, 0.5)), share


KILOMETERS = (0.1, 1, 10)
PLACES = st.tuples(
    st.sampled_from([90, -90, 0, 46.948, 46.9481, 46.955, 47, -33.3]) | st.floats(-90, 90),
    st.sampled_from([180, -180, 0, 7.447, 7.4471, 7.5, 179.999, -179.999]) | st.floats(-180, 180),
)


def place_expected(one: Any, other: Any, _: list[Any]) -> Expected:
    """Return how two places agree: the angle between vectors from the middle of the globe."""
    if None in (one, other):
        return None

    def vector(degrees: tuple[float, float]) -> np.ndarray:
        north, east = map(math.radians, degrees)
        return np.array([math.cos(north) * math.cos(east), math.cos(north) * math.sin(east), math.sin(north)])

    a, b = vector(one), vector(other)
    kilometers = 6371.0088 * math.atan2(float(np.linalg.norm(np.cross(a, b))), float(a @ b))
    assume(all(abs(kilometers - limit) > 1e-5 for limit in KILOMETERS))
    return sum(kilometers < limit for limit in KILOMETERS), 2 ** (-kilometers / 10)


def in_one(values: list[Any]) -> dict[str, list[Any]]:
    return {"v": values}


def in_two(places: list[Any]) -> dict[str, list[Any]]:
    return {"lat": [place and place[0] for place in places], "lon": [place and place[1] for place in places]}


@attrs.frozen
class Case:
    """A comparator, the values it is tried on, and what it should say of two of them.

    Args:
        comparator: what is tested.
        values: what it compares, None missing.
        expected: level and similarity of two values, given all values.
        learns: whether what it says of a pair depends on the other values.
        columns: how values are put into columns.
    """

    comparator: Any
    values: st.SearchStrategy[Any]
    expected: Callable[..., Expected]
    learns: bool = False
    columns: Callable[[list[Any]], dict[str, list[Any]]] = in_one


NAMES = optional(
    slips(["martha", "johnson", "dixon", "dicksonx", "ann", "ann lee", "smith jones", "anna maria lee"]), ""
)
GIVEN = optional(slips(["robert", "bob", "rob", "alexander", "alex", "a", "ro", "martha", "maria ann"]), "")
TEXTS = optional(slips(["lg tv black", "lg tv", "tv stand black", "canon camera", "canon eos 50d camera", "lg"]), "")
MODELS = optional(
    st.lists(
        st.sampled_from(["RX-1200", "rx1200b", "RX1201", "ABX1200", "zoom", "B12", "24734", "124734", "247341", "A1"]),
        max_size=4,
    ).map(" ".join),
    "zeon radio",
)
FULL = optional(
    slips(["Smith, Robert", "Smith, Bob", "Smith, R. Ann", "Smithson, Ann Robert", "Jones, Ann", "Smith, Robert Jr"])
    | st.sampled_from(["Smith, Robert Sr", "Smith, Robert III", "Dr. Smith, Robert", "SMITH, ROBERT"]),
    "--",
)
FIRMS = optional(
    slips(["Acme Tools", "Acme Trading Tools", "Bolt and Nut Works", "Bolt Works"])
    | st.sampled_from(["ACME Tools Ltd.", "Acme Tools, Inc.", "Tools Acme GmbH"]),
    "...",
)
MAILS = optional(
    slips(["ann.lee@mail.com", "ann.lee@post.org", "bob@mail.com"], "aen.")
    | st.sampled_from(["Ann.Lee+shop@mail.com", "ann.le@post.org"]),
    "nothing",
    "noreply@mail.com",
)
PHONES = optional(
    slips(["020 7946 0958", "0161 496 0958", "020 7946 0123"], "0129")
    | st.sampled_from(["+44 20 7946 0958", "+1 207 946 0958", "7946 0958", "(020) 79460958 ext. 3"]),
    "12",
)
HOMES = optional(slips(["12 Main Street", "14 Main Street", "12 Oak Avenue", "Flat 2, 12 Main St"]), "-")
CODES = optional(slips(["SW1A 1AA", "SW1A 2AB", "SW9 8JX", "M1 1AE"], "ABW129"), "nowhere at all")
SUMS = optional(
    st.sampled_from(
        ["EUR 12.50", "12.50 EUR", "12.49", "EUR 12.49", "USD 12.50", "EUR 100", "EUR 109", "0.5", "-12.5"]
    ),
    "much",
)
SITES = optional(
    slips(["https://www.acme.com/shop", "acme.com/shops", "acme.com", "http://bolt.org/acme"], "aec"), "no site"
)
NUMBERS = optional(slips(["RUK-109 337", "ruk109338", "A1"], "019"), "--")
DATES = optional(
    st.builds(
        lambda year, month, day, known: f"{year}-{month:02}-{day:02}"[:known],
        st.integers(1989, 1992),
        st.integers(2, 12),
        st.sampled_from([2, 3, 11, 12, 15, 16, 26]),
        st.sampled_from([4, 7, 10, 10, 10]),
    )
)
AMOUNTS = optional(st.sampled_from(["1", "1.1", "1.01", "1.2", "-1", "0", "100", "95", "90", "110", "99.5"]), "unknown")
TAGS = optional(st.sets(st.sampled_from(["new", "vip", "old", "big", "red"]), max_size=4), set())
STATES = optional(st.sampled_from(["married", "divorced", "single", "widowed", "other"]))
SOUNDS = [
    "soundex",
    "refined_soundex",
    "metaphone",
    "double_metaphone",
    "nysiis",
    "match_rating",
    "cologne",
    "daitch_mokotoff",
]
HEARD = optional(
    slips(["schmidt", "smith", "meyer", "maier", "robert", "rupert", "catherine", "kathryn", "moskowitz", "peters"])
)
MEASURES = {
    name: getattr(measures, name)
    for name in measures.__all__
    if name not in {"Measure", "each_pair", "measure", "same_sound"}
}


def graded_by(cutoff: float) -> Callable[[str, str], tuple[int, int]]:
    return lambda one, other: (1, reaches(winkler(one, other), (cutoff,)))


def osa_of(a: dict[str, str], b: dict[str, str], _: list[str]) -> float:
    return osa_share(a[""], b[""])


def amount_similarity(a: dict[str, str], b: dict[str, str], _: list[str]) -> float:
    one, other = Fraction(a["amount"]), Fraction(b["amount"])
    return float(max(1 - abs(one - other) / max(abs(one), abs(other)), 0))


def amount_steps(a: dict[str, str], b: dict[str, str], _: list[str]) -> Steps:
    one, other = Fraction(a["amount"]), Fraction(b["amount"])
    larger = max(abs(one), abs(other))
    return [(2, sum(abs(one - other) <= Fraction(share) * larger for share in ("0.1", "0.01")))]


def measured_parts(measure: Any, cutoffs: tuple[float, ...]) -> Any:
    """Return the steps of a name: the same words in another order, then a measure of the main parts."""
    weighs = "corpus" in signature(measure).parameters

    def similarity(a: dict[str, str], b: dict[str, str], corpus: list[str]) -> float:
        return measure(a[""], b[""], **({"corpus": corpus} if weighs else {}))

    def steps(a: dict[str, str], b: dict[str, str], corpus: list[str]) -> Steps:
        return [(1, same(a, b, "sorted")), (len(cutoffs), reaches(similarity(a, b, corpus), cutoffs))]

    return steps, similarity


CASES: dict[str, Case] = {
    "exact": Case(exact("v"), NAMES, plain_oracle(lambda *_: [], lambda *_: 0.0)),
    "exact of a derived feature": Case(
        exact(prefix("v", 2)),
        NAMES,
        lambda one, other, _: (int(one[:2] == other[:2]), float(one[:2] == other[:2])) if one and other else None,
    ),
    "similar": Case(
        similar("v"),
        NAMES,
        plain_oracle(lambda a, b, _: [(2, reaches(winkler(a, b), (0.8, 0.92)))], lambda a, b, _: winkler(a, b)),
    ),
    "typos": Case(
        typos("v", 3), NAMES, plain_oracle(lambda a, b, _: [(3, close(a, b, 3))], lambda a, b, _: osa_share(a, b))
    ),
    "model_numbers": Case(model_numbers("v"), MODELS, models_expected, learns=True),
    "text": Case(
        text("v"),
        TEXTS,
        plain_oracle(lambda a, b, all_: [(4, reaches(tfidf(a, b, all_), (0.3, 0.5, 0.7, 0.85)))], tfidf),
        learns=True,
    ),
    **{
        f"measured {name}": Case(
            measured("v", measure),
            TEXTS if "token" in name or "tfidf" in name else NAMES,
            by_measure(measure),
            learns="corpus" in signature(measure).parameters,
        )
        for name, measure in MEASURES.items()
    },
    "measured with options": Case(
        measured("v", measures.qgram_dice, 0.4, 0.6, q=3), NAMES, by_measure(measures.qgram_dice, (0.4, 0.6), q=3)
    ),
    "scored_by": Case(
        scored_by("v", shared_letters, 0.5),
        NAMES,
        plain_oracle(
            lambda a, b, _: [(1, reaches(shared_letters(a, b), (0.5,)))], lambda a, b, _: shared_letters(a, b)
        ),
    ),
    **{
        f"sounds {code}": Case(sounds("v", code), HEARD, by_measure(measures.same_sound, (1.0,), code=code))
        for code in SOUNDS
    },
    "sounds by two codes": Case(
        sounds("v", "double_metaphone", "soundex"),
        HEARD,
        plain_oracle(
            lambda a, b, _: [
                (1, int(measures.same_sound(a, b, code=code))) for code in ("double_metaphone", "soundex")
            ],
            lambda a, b, _: max(measures.same_sound(a, b, code=code) for code in ("double_metaphone", "soundex")),
        ),
    ),
    "date": Case(date("v"), DATES, date_expected),
    "year": Case(
        year("v"),
        DATES,
        number_expected(lambda _: [Fraction(3), Fraction(1)], lambda value: value and Fraction(value[:4])),
    ),
    "age": Case(
        age("v"),
        optional(st.integers(0, 9).map(str), "unknown"),
        number_expected(lambda _: [Fraction(3), Fraction(1)], fraction),
    ),
    "number": Case(
        number("v", absolute=(0.1,)),
        AMOUNTS,
        number_expected(lambda larger: [larger / 10, larger / 100, Fraction("0.1")], fraction),
    ),
    "distance": Case(distance("lat", "lon"), optional(PLACES), place_expected, columns=in_two),
    **{
        f"shared {coefficient}": Case(shared("v", coefficient=coefficient), TAGS, set_expected(coefficient))
        for coefficient in ("jaccard", "dice", "overlap", "any")
    },
    "shared in texts": Case(
        shared("v", separator=";"),
        optional(st.lists(st.sampled_from(["new", "vip", "old"]), max_size=3).map("; ".join)),
        lambda one, other, _: set_expected("jaccard")(
            *({part for part in (side or "").split("; ") if part} for side in (one, other)), []
        ),
    ),
    "category": Case(category("v", CLOSE, 0.2, 0.5), STATES, category_expected),
    "given_name": Case(
        given_name("v"),
        GIVEN,
        plain_oracle(
            lambda a, b, _: [
                graded_by(0.9)(a, b),
                (1, int((a, b) in NICKNAMES or (b, a) in NICKNAMES)),
                graded_by(0.8)(a, b),
                (2, begins(a, b)),
                graded_by(0.7)(a, b),
            ],
            lambda a, b, _: measures.given_name(a, b),
        ),
    ),
    "family_name": Case(
        family_name("v"),
        NAMES,
        plain_oracle(
            lambda a, b, _: [
                graded_by(0.92)(a, b),
                (1, int(share_a_word(a, b))),
                graded_by(0.82)(a, b),
                (2, begins(a, b)),
                graded_by(0.7)(a, b),
            ],
            lambda a, b, _: winkler(a, b),
        ),
    ),
    "person_name": Case(
        person_name("v"),
        FULL,
        kind_oracle(PersonName(), *measured_parts(measures.person_name, (0.8, 0.88, 0.94)), "suffix"),
    ),
    "organisation_name": Case(
        organisation_name("v"),
        FIRMS,
        kind_oracle(Organisation(), *measured_parts(measures.organisation_name, (0.7, 0.8, 0.9))),
        learns=True,
    ),
    "email": Case(
        email("v"),
        MAILS,
        kind_oracle(
            Email(),
            lambda a, b, _: [
                (4, close(a[""], b[""], 4)),
                (1, same(a, b, "local")),
                (2, reaches(winkler(a["local"], b["local"]), (0.85, 0.92))),
            ],
            osa_of,
        ),
    ),
    "phone": Case(
        phone("v", region="GB"),
        PHONES,
        kind_oracle(
            Phone(region="GB"),
            lambda a, b, _: [
                (1, same(a, b, "tail")),
                (1, int(inside(a[""], b[""]))),
                (3, close(a[""], b[""], 3)),
            ],
            osa_of,
            "country",
        ),
    ),
    "address": Case(
        address("v"),
        HOMES,
        kind_oracle(
            Address(),
            lambda a, b, all_: [
                (2, close(a[""], b[""], 2)),
                (1, same(a, b, "street")),
                (1, reaches(tfidf(a[""], b[""], all_), (0.6,))),
                graded_by(0.85)(a[""], b[""]),
                (1, reaches(tfidf(a[""], b[""], all_), (0.3,))),
                graded_by(0.75)(a[""], b[""]),
            ],
            lambda a, b, _: measures.address(a[""], b[""]),
        ),
        learns=True,
    ),
    "postcode": Case(
        postcode("v", country="GB"),
        CODES,
        kind_oracle(
            Postcode(country="GB"),
            lambda a, b, _: [(1, close(a[""], b[""], 1)), (1, same(a, b, "district")), (1, same(a, b, "area"))],
            osa_of,
        ),
    ),
    "money": Case(money("v"), SUMS, kind_oracle(Money(), amount_steps, amount_similarity, "currency")),
    "url": Case(
        url("v"),
        SITES,
        kind_oracle(
            Url(),
            lambda a, b, _: [(1, same(a, b, "domain")), graded_by(0.9)(a[""], b[""])],
            lambda a, b, _: winkler(a[""], b[""]),
        ),
    ),
    "identifier": Case(
        identifier("v"), NUMBERS, kind_oracle(Identifier(), lambda a, b, _: [(1, close(a[""], b[""], 1))], osa_of)
    ),
}
BUILDERS = {
    "exact", "similar", "typos", "text", "measured", "scored_by", "sounds", "date", "year", "age", "number", "distance",
    "shared", "category", "vectors", "given_name", "family_name", "person_name", "organisation_name", "email", "phone",
    "address", "postcode", "money", "url", "identifier",
    "model_numbers",
}  # fmt: skip
