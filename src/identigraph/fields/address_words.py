"""Words of addresses: one form for street types, directions and ordinals; codes for states and countries."""

from __future__ import annotations

from functools import cache

import polars as pl
from iso3166 import countries

from identigraph.text import squash

SPELLINGS = """
st: street str strasse straat saint sankt
ave: avenue av aven avenida avda
rd: road
dr: drive drv
ln: lane
blvd: boulevard boul blv bvd bd
ct: court crt
pl: place plac platz
cres: crescent cresc cr
cl: close
cct: circuit
cir: circle
tce: terrace terr ter
pde: parade
hwy: highway
pkwy: parkway pky
expy: expressway
fwy: freeway
sq: square
plz: plaza plza pza
aly: alley
gdns: gardens gdn garden
gr: grove grv
hts: heights
mt: mount
ft: fort
pt: point
rdg: ridge
sta: station stn
tpke: turnpike
trl: trail
vlg: village vlge
vly: valley
vw: view
wlk: walk
wy: way
xing: crossing
cv: cove
esp: esplanade
ctr: center centre
jct: junction
bldg: building bld
rte: route
ul: ulica ulitsa ulice
prospekt: prosp
pobox: po_box p_o_box post_office_box postfach
n: north
s: south
e: east
w: west
ne: northeast north_east n_e
nw: northwest north_west n_w
se: southeast south_east s_e
sw: southwest south_west s_w
1st: first
2nd: second
3rd: third
4th: fourth
5th: fifth
6th: sixth
7th: seventh
8th: eighth
9th: ninth
10th: tenth
11th: eleventh
12th: twelfth
"""
STREET_WORDS = {
    word.replace("_", " "): short
    for short, _, words in (line.partition(": ") for line in SPELLINGS.split("\n"))
    for word in words.split()
}
"""Words of streets to the one form that is kept. *Saint* and *street* share theirs, for both are written *st*."""
CITY_WORDS = {"saint": "st", "sankt": "st", "sainte": "ste", "mount": "mt", "fort": "ft", "the": ""}

US_STATES = """
al alabama|ak alaska|az arizona|ar arkansas|ca california|co colorado|ct connecticut|de delaware|fl florida|ga georgia|
hi hawaii|id idaho|il illinois|in indiana|ia iowa|ks kansas|ky kentucky|la louisiana|me maine|md maryland|
ma massachusetts|mi michigan|mn minnesota|ms mississippi|mo missouri|mt montana|ne nebraska|nv nevada|
nh new hampshire|nj new jersey|nm new mexico|ny new york|nc north carolina|nd north dakota|oh ohio|ok oklahoma|
or oregon|pa pennsylvania|ri rhode island|sc south carolina|sd south dakota|tn tennessee|tx texas|ut utah|vt vermont|
va virginia|wa washington|wv west virginia|wi wisconsin|wy wyoming|dc district of columbia|dc washington dc|
pr puerto rico
"""
CANADIAN_PROVINCES = """
ab alberta|bc british columbia|mb manitoba|nb new brunswick|nl newfoundland and labrador|nl newfoundland|
ns nova scotia|nt northwest territories|nu nunavut|on ontario|pe prince edward island|qc quebec|sk saskatchewan|yt yukon
"""
AUSTRALIAN_STATES = """
nsw new south wales|vic victoria|qld queensland|sa south australia|wa western australia|tas tasmania|
nt northern territory|act australian capital territory
"""
STATES = {
    name: code
    for states in (US_STATES, CANADIAN_PROVINCES, AUSTRALIAN_STATES)
    for code, _, name in (state.strip().partition(" ") for state in states.split("|"))
}

COUNTRY_ALIASES = """
gb uk unitedkingdom greatbritain britain england scotland wales northernireland|
us unitedstates america unitedstatesofamerika etatsunis estadosunidos vereinigtestaaten|
de deutschland allemagne alemania germania|at osterreich oesterreich|ch schweiz suisse svizzera|nl holland nederland|
be belgique belgie belgien|fr frankreich francia|it italia italien|es espana spanien|pt portugalia|br brasil|
cz czechrepublic|pl polska|se sverige|no norge|dk danmark|fi suomi|ie eire republicofireland|ru russia rossiya|
kr southkorea korea republicofkorea|kp northkorea|vn vietnam|la laos|ir iran|sy syria|tz tanzania|md moldova|
ci ivorycoast|mk macedonia|sz swaziland|mm burma|cv capeverde|ps palestine|bn brunei|mo macau|tr turkey turkiye|
ae uae emirates|cd drc drcongo zaire democraticrepublicofthecongo|cg republicofthecongo|va vatican vaticancity|
tl easttimor|gm thegambia|bs thebahamas|nl thenetherlands|ph thephilippines|li lichtenstein|nr nauru|fk falklandislands|
hk hongkongsar|cn prchina peoplesrepublicofchina mainlandchina|mx mejico mexiko|gr hellas|jp nippon|eg aegypten
"""


@cache
def country_codes() -> dict[str, str]:
    """Return the ISO 3166 code of two letters, in lower case, for names, codes and aliases squashed to letters.

    Examples:
        >>> codes = country_codes()
        >>> codes["gb"], codes["gbr"], codes["england"], codes["bolivia"], codes["cotedivoire"]
        ('gb', 'gb', 'gb', 'bo', 'ci')
    """
    rows = [(c.alpha2.lower(), name) for c in countries for name in (c.name, c.apolitical_name, c.alpha3, c.alpha2)]
    short = [(c.alpha2.lower(), c.name.partition(",")[0].partition("(")[0]) for c in countries]
    aliases = [(line.split()[0], name) for line in COUNTRY_ALIASES.split("|") for name in line.split()[1:]]
    codes = [code for code, _ in (*short, *rows, *aliases)]
    return dict(zip(squash(pl.Series([name for _, name in (*short, *rows, *aliases)])), codes, strict=True))
