"""The countries that made-up customers live in: how their towns, streets, postcodes, telephone numbers are written.

Names of people come from the word lists of faker for the country's locale; what faker has no list of, or no list in
order of frequency, stands here. Patterns: ``#`` is any digit, ``N`` a digit from 2 on, ``L`` a capital letter.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs


@attrs.frozen(eq=False)
class Country:
    """How names and addresses of one country are written.

    Args:
        locale: faker's name of the locale.
        share: relative number of households.
        calling: country calling code, without ``+``.
        trunk: what a national telephone number starts with at home.
        mobiles: what mobile numbers start with, and the pattern of the rest.
        landlines: area codes, and the pattern of the rest.
        postcode: pattern of the part that belongs to the town, and of the rest.
        towns: the largest towns; those made from `made_towns`, or else those that faker lists, follow.
        made_towns: templates of further towns, with ``{}`` for a family name.
        street: template of a street with ``{word}`` and ``{type}``.
        street_types: types of street, in full and abbreviated.
        street_words: the most common words in street names.
        more_street_words: where further words come from: ``family`` or ``given`` names, or a list of faker's addresses.
        number_first: whether the number stands before the street.
        number_gap: what stands between number and street.
        unit: what stands between street and number of the flat.
        domains: the most common e-mail domains.
        nicknames: short forms of given names; None for the English ones of the package nicknames.
        two_family_names: whether people have two family names and keep them when they marry.
        generation_suffixes: whether a son named like his father writes Jr.
        family_names: attribute of faker's provider that lists family names.
    """

    locale: str
    share: float
    calling: str
    trunk: str
    mobiles: tuple[tuple[str, ...], str]
    landlines: tuple[tuple[str, ...], str]
    postcode: tuple[str, str]
    street: str
    street_types: tuple[tuple[str, str], ...]
    street_words: tuple[str, ...]
    more_street_words: str
    domains: tuple[str, ...]
    towns: tuple[str, ...] = ()
    made_towns: tuple[str, ...] = ()
    number_first: bool = False
    number_gap: str = " "
    unit: str = " "
    nicknames: Mapping[str, tuple[str, ...]] | None = None
    two_family_names: bool = False
    generation_suffixes: bool = False
    family_names: str = "last_names"


UNITED_STATES = Country(
    locale="en_US",
    share=0.32,
    calling="1",
    trunk="",
    mobiles=(
        ("212", "310", "312", "404", "415", "503", "512", "602", "617", "702", "713", "786", "813", "919"),
        " N## ####",
    ),
    landlines=(
        ("206", "213", "214", "215", "216", "303", "305", "314", "407", "502", "615", "704", "808", "907"),
        " N## ####",
    ),
    postcode=("###", "##"),
    towns=(
        "New York", "Los Angeles", "Chicago", "Houston", "Phoenix", "Philadelphia", "San Antonio", "San Diego",
        "Dallas", "Austin", "Jacksonville", "Columbus", "Charlotte", "Indianapolis", "Seattle", "Denver", "Boston",
        "Nashville", "Portland", "Las Vegas", "Memphis", "Louisville", "Baltimore", "Milwaukee", "Albuquerque",
        "Fresno", "Sacramento", "Kansas City", "Atlanta", "Omaha", "Raleigh", "Miami", "Oakland", "Minneapolis",
    ),
    made_towns=("{}ville", "{}ton", "{} Springs", "Fort {}"),
    street="{word} {type}",
    street_types=(
        ("Street", "St"), ("Avenue", "Ave"), ("Road", "Rd"), ("Drive", "Dr"), ("Lane", "Ln"), ("Court", "Ct"),
        ("Boulevard", "Blvd"),
    ),
    street_words=("Main", "Oak", "Maple", "Park", "Cedar", "Elm", "Lake", "Hill", "Pine", "Church", "River", "Sunset"),
    more_street_words="family",
    domains=("gmail.com", "yahoo.com", "hotmail.com", "outlook.com", "icloud.com", "aol.com", "comcast.net"),
    number_first=True,
    unit=" Apt ",
    generation_suffixes=True,
)  # fmt: skip

UNITED_KINGDOM = Country(
    locale="en_GB",
    share=0.16,
    calling="44",
    trunk="0",
    mobiles=(("7400", "7515", "7711", "7788", "7802", "7850", "7939", "7980"), " ######"),
    landlines=(
        ("20 71", "20 72", "20 83", "113 2", "114 2", "115 9", "117 9", "121 4", "131 5", "141 3", "161 2"),
        "## ####",
    ),
    postcode=("LL#", " #LL"),
    towns=(
        "London", "Birmingham", "Manchester", "Glasgow", "Leeds", "Liverpool", "Newcastle upon Tyne", "Sheffield",
        "Bristol", "Edinburgh", "Leicester", "Nottingham", "Cardiff", "Belfast", "Coventry", "Bradford", "Hull",
        "Plymouth", "Stoke-on-Trent", "Wolverhampton", "Derby", "Southampton", "Portsmouth", "Brighton", "Reading",
        "Northampton", "Luton", "Bolton", "Aberdeen", "Norwich", "Swindon", "Dundee", "York", "Oxford", "Cambridge",
    ),
    made_towns=("{}bury", "{}ton", "Great {}", "{}-on-Sea"),
    street="{word} {type}",
    street_types=(
        ("Road", "Rd"), ("Street", "St"), ("Lane", "Ln"), ("Avenue", "Ave"), ("Close", "Cl"),
        ("Drive", "Dr"),
    ),
    street_words=(
        "High", "Church", "Station", "Park", "Victoria", "Mill", "London", "King", "Queen", "Green",
        "School",
    ),
    more_street_words="family",
    domains=("gmail.com", "hotmail.co.uk", "yahoo.co.uk", "outlook.com", "btinternet.com", "icloud.com", "sky.com"),
    number_first=True,
    unit=" Flat ",
    generation_suffixes=True,
)  # fmt: skip

GERMANY = Country(
    locale="de_DE",
    share=0.13,
    calling="49",
    trunk="0",
    mobiles=(("1511", "1512", "1515", "1520", "1522", "1575", "1577", "1590"), " #######"),
    landlines=(("30", "40", "69", "89", "211", "221", "341", "351", "511", "711"), " N######"),
    postcode=("###", "##"),
    towns=(
        "Berlin", "Hamburg", "München", "Köln", "Frankfurt am Main", "Stuttgart", "Düsseldorf", "Leipzig",
        "Dortmund",
    ),
    street="{word}{type}",
    street_types=(("straße", "str."), ("weg", "weg"), ("allee", "allee"), ("platz", "pl."), ("gasse", "gasse")),
    street_words=("Haupt", "Schul", "Garten", "Bahnhof", "Dorf", "Berg", "Linden", "Kirch", "Wald", "Wiesen", "Goethe"),
    more_street_words="family",
    domains=("gmx.de", "web.de", "gmail.com", "t-online.de", "freenet.de", "outlook.de"),
    unit=" Whg. ",
    nicknames={
        "Alexander": ("Alex", "Sascha"), "Andreas": ("Andi",), "Christian": ("Chris",), "Elisabeth": ("Elli", "Lisa"),
        "Franziska": ("Franzi",), "Friedrich": ("Fritz",), "Hans-Jürgen": ("Hansi", "Jürgen"), "Heinrich": ("Heinz",),
        "Jakob": ("Jockel",), "Johannes": ("Hannes", "Hans"), "Josef": ("Sepp", "Jupp"), "Katharina": ("Kathi",
        "Käthe"),
        "Magdalena": ("Lena", "Leni"), "Margarete": ("Grete",), "Matthias": ("Matze",), "Maximilian": ("Max",),
        "Michael": ("Michi", "Micha"), "Stefan": ("Steff",), "Susanne": ("Susi",), "Thomas": ("Tom",),
        "Ulrich": ("Uli",), "Wolfgang": ("Wolfi",),
    },
)  # fmt: skip

FRANCE = Country(
    locale="fr_FR",
    share=0.10,
    calling="33",
    trunk="0",
    mobiles=(("6",), " ## ## ## ##"),
    landlines=(("1 4", "2 4", "3 8", "4 7", "5 5"), "# ## ## ##"),
    postcode=("###", "##"),
    towns=(
        "Paris", "Marseille", "Lyon", "Toulouse", "Nice", "Nantes", "Montpellier", "Strasbourg", "Bordeaux", "Lille",
        "Rennes", "Reims", "Saint-Étienne", "Le Havre", "Toulon", "Grenoble", "Dijon", "Angers", "Nîmes",
        "Clermont-Ferrand",
    ),
    made_towns=("{}-sur-Mer", "{}-les-Bains", "{}ville", "Saint-{}"),
    street="{type} {word}",
    street_types=(("rue", "r."), ("avenue", "av."), ("boulevard", "bd"), ("place", "pl."), ("chemin", "ch.")),
    street_words=(
        "de l'Église", "Victor Hugo", "de la Gare", "du Moulin", "Pasteur", "Jean Jaurès",
        "de la République",
    ),
    more_street_words="family",
    domains=("gmail.com", "orange.fr", "free.fr", "hotmail.fr", "laposte.net", "sfr.fr", "wanadoo.fr"),
    number_first=True,
    unit=" Appt ",
    nicknames={
        "Alexandre": ("Alex",), "Antoine": ("Toine",), "Benjamin": ("Ben",), "Catherine": ("Cathy",),
        "Charles": ("Charlot",),
        "Emmanuel": ("Manu",), "Frédéric": ("Fred",), "Frédérique": ("Fred",), "Grégoire": ("Greg",),
        "Isabelle": ("Isa",),
        "Jacqueline": ("Jackie",), "Joseph": ("Jo",), "Laurent": ("Lolo",), "Madeleine": ("Mado",), "Michel": ("Mimi",),
        "Nicolas": ("Nico",), "Sébastien": ("Seb",), "Stéphanie": ("Steph",), "Thomas": ("Tom",), "Valérie": ("Val",),
        "Véronique": ("Véro",), "Vincent": ("Vince",),
    },
)  # fmt: skip

SPAIN = Country(
    locale="es_ES",
    share=0.08,
    calling="34",
    trunk="",
    mobiles=(("606", "612", "620", "635", "646", "655", "660", "679", "687", "699"), " ## ## ##"),
    landlines=(("911", "915", "932", "934", "952", "963", "976"), " ## ## ##"),
    postcode=("2##", "##"),
    towns=("Madrid", "Barcelona", "Valencia", "Sevilla", "Zaragoza", "Málaga", "Murcia", "Palma", "Bilbao", "Alicante"),
    made_towns=("Villa {}", "San {}", "{} del Mar"),
    street="{type} {word}",
    street_types=(("Calle", "C/"), ("Avenida", "Avda."), ("Plaza", "Pza."), ("Paseo", "Pº")),
    street_words=("Mayor", "Real", "de la Constitución", "San José", "Nueva", "de la Iglesia", "del Sol"),
    more_street_words="given",
    domains=("gmail.com", "hotmail.es", "hotmail.com", "yahoo.es", "telefonica.net", "outlook.es"),
    number_gap=", ",
    unit=" Piso ",
    nicknames={
        "Antonio": ("Toño", "Toni"), "Concepción": ("Concha",), "Consuelo": ("Chelo",), "Dolores": ("Lola",),
        "Eduardo": ("Edu",), "Enrique": ("Quique",), "Fernando": ("Nando",), "Francisco": ("Paco", "Fran"),
        "Francisca": ("Paca",), "Ignacio": ("Nacho",), "Isabel": ("Isa",), "Jesús": ("Chus",), "José": ("Pepe",),
        "José María": ("Chema",), "Manuel": ("Manolo",), "María Teresa": ("Maite",),
        "Mercedes": ("Merche",), "Pilar": ("Pili",), "Rafael": ("Rafa",), "Rosario": ("Charo",), "Teresa": ("Tere",),
    },
    two_family_names=True,
)  # fmt: skip

ITALY = Country(
    locale="it_IT",
    share=0.07,
    calling="39",
    trunk="",
    mobiles=(("320", "328", "333", "338", "340", "347", "349", "388"), " ### ####"),
    landlines=(("02", "06", "011", "051", "055", "081"), " N### ###"),
    postcode=("###", "##"),
    towns=(
        "Roma", "Milano", "Napoli", "Torino", "Palermo", "Genova", "Bologna", "Firenze", "Bari", "Catania",
        "Verona",
    ),
    street="{type} {word}",
    street_types=(("Via", "V."), ("Viale", "V.le"), ("Piazza", "P.za"), ("Corso", "C.so"), ("Vicolo", "Vic.")),
    street_words=("Roma", "Garibaldi", "Mazzini", "Dante Alighieri", "Verdi", "Cavour", "Marconi", "San Francesco"),
    more_street_words="family",
    domains=("gmail.com", "libero.it", "hotmail.it", "alice.it", "virgilio.it", "tiscali.it", "yahoo.it"),
    unit=" int. ",
    nicknames={
        "Alessandro": ("Sandro", "Ale"), "Alessandra": ("Sandra",), "Antonio": ("Tonino",), "Domenico": ("Mimmo",),
        "Federica": ("Fede",), "Filippo": ("Pippo",), "Francesca": ("Franca",), "Francesco": ("Checco", "Franco"),
        "Giovanni": ("Gianni", "Nino"), "Giuseppe": ("Beppe", "Peppe"), "Lorenzo": ("Renzo",), "Luigi": ("Gigi",),
        "Matteo": ("Teo",), "Raffaele": ("Lello",), "Roberto": ("Berto",), "Salvatore": ("Totò",),
        "Vincenzo": ("Enzo",),
    },
)  # fmt: skip

POLAND = Country(
    locale="pl_PL",
    share=0.06,
    calling="48",
    trunk="",
    mobiles=(("501", "503", "505", "512", "601", "604", "606", "691", "692", "695"), " ### ###"),
    landlines=(("12", "22", "32", "42", "58", "61", "71"), " N## ## ##"),
    postcode=("##-#", "##"),
    towns=("Warszawa", "Kraków", "Łódź", "Wrocław", "Poznań", "Gdańsk", "Szczecin", "Bydgoszcz", "Lublin", "Katowice"),
    street="{type} {word}",
    street_types=(("ulica", "ul."), ("ulica", "ul."), ("aleja", "al.")),
    street_words=(),
    more_street_words="streets",
    domains=("gmail.com", "wp.pl", "onet.pl", "o2.pl", "interia.pl"),
    unit="/",
    nicknames={
        "Agnieszka": ("Aga",), "Aleksander": ("Olek",), "Andrzej": ("Jędrek",), "Elżbieta": ("Ela",), "Ewa": ("Ewka",),
        "Grzegorz": ("Grzesiek",), "Krystyna": ("Krysia",), "Stanisław": ("Staszek",),
        "Jakub": ("Kuba",), "Jan": ("Janek",), "Kacper": ("Kacperek",), "Kamil": ("Kamilek",),
        "Krzysztof": ("Krzysiek",), "Maciej": ("Maciek",), "Mateusz": ("Mati",), "Michał": ("Misiek",),
        "Monika": ("Mona",), "Paweł": ("Pawełek",), "Piotr": ("Piotrek",), "Szymon": ("Szymek",), "Tomasz": ("Tomek",),
        "Wojciech": ("Wojtek",),
    },
    family_names="unisex_last_names",
)  # fmt: skip

NETHERLANDS = Country(
    locale="nl_NL",
    share=0.04,
    calling="31",
    trunk="0",
    mobiles=(("6 1", "6 2", "6 3", "6 4", "6 5"), "#######"),
    landlines=(("10", "20", "30", "40", "50", "70"), " N## ####"),
    postcode=("N###", " LL"),
    towns=("Amsterdam", "Rotterdam", "Den Haag", "Utrecht", "Eindhoven", "Groningen", "Tilburg", "Almere", "Breda"),
    street="{word}{type}",
    street_types=(("straat", "str."), ("laan", "ln."), ("weg", "weg"), ("plein", "pln."), ("hof", "hof")),
    street_words=("Dorps", "Kerk", "Molen", "School", "Stations", "Nieuw", "Juliana", "Beatrix", "Wilhelmina"),
    more_street_words="given",
    domains=("gmail.com", "hotmail.com", "ziggo.nl", "kpnmail.nl", "live.nl", "planet.nl"),
    unit=" - ",
    nicknames={
        "Alexander": ("Alex", "Sander"), "Daniël": ("Daan",), "Elisabeth": ("Els", "Liesbeth"),
        "Johannes": ("Jan", "Hans"),
        "Johanna": ("Hanna", "Joke"), "Maria": ("Mieke",), "Matthijs": ("Thijs",),
        "Sebastiaan": ("Bas",), "Thomas": ("Tom",), "Willem": ("Wim",),
    },
)  # fmt: skip

PORTUGAL = Country(
    locale="pt_PT",
    share=0.02,
    calling="351",
    trunk="",
    mobiles=(("91", "92", "93", "96"), "# ### ###"),
    landlines=(("21", "22"), " N## ####"),
    postcode=("N###", "-###"),
    towns=("Lisboa", "Porto", "Vila Nova de Gaia", "Amadora", "Braga", "Coimbra", "Funchal", "Setúbal", "Almada"),
    street="{type} {word}",
    street_types=(("Rua", "R."), ("Avenida", "Av."), ("Travessa", "Tv."), ("Praça", "Pç.")),
    street_words=("da Igreja", "25 de Abril", "da República", "de Santo António", "da Liberdade"),
    more_street_words="places",
    domains=("gmail.com", "sapo.pt", "hotmail.com", "live.com.pt"),
    number_gap=", ",
    unit=" Andar ",
    nicknames={
        "Alexandre": ("Alex", "Xande"), "António": ("Tó",), "Carolina": ("Carol",), "Eduardo": ("Edu", "Dudu"),
        "Fernando": ("Nando",), "Francisco": ("Chico",), "Gabriel": ("Gabi",), "José": ("Zé",), "Leonardo": ("Leo",),
        "Luís": ("Lu",), "Manuel": ("Manel",), "Rafael": ("Rafa",),
    },
)  # fmt: skip

SWEDEN = Country(
    locale="sv_SE",
    share=0.02,
    calling="46",
    trunk="0",
    mobiles=(("70", "72", "73", "76"), " ### ## ##"),
    landlines=(("8", "18", "31", "40"), " N## ## ##"),
    postcode=("N##", " ##"),
    towns=("Stockholm", "Göteborg", "Malmö", "Uppsala", "Västerås", "Örebro", "Linköping", "Helsingborg"),
    street="{word}{type}",
    street_types=(("gatan", "g."), ("vägen", "v."), ("stigen", "st."), ("gränd", "gr.")),
    street_words=("Stor", "Kung", "Drottning", "Kyrko", "Skol"),
    more_street_words="street_prefixes",
    domains=("gmail.com", "hotmail.com", "telia.com", "live.se"),
    unit=" lgh ",
    nicknames={
        "Alexander": ("Alex",), "Anders": ("Ante",), "Birgitta": ("Gittan",), "Elisabeth": ("Lisa",),
        "Fredrik": ("Frippe",),
        "Gustav": ("Gurra",), "Johan": ("Johnny",), "Karl": ("Kalle",), "Katarina": ("Kattis",), "Lars": ("Lasse",),
        "Magnus": ("Manne",), "Margareta": ("Greta",), "Mikael": ("Micke",), "Per": ("Pelle",), "Stefan": ("Steffe",),
    },
)  # fmt: skip

COUNTRIES = (
    UNITED_STATES, UNITED_KINGDOM, GERMANY, FRANCE, SPAIN, ITALY, POLAND, NETHERLANDS, PORTUGAL, SWEDEN,
)  # fmt: skip
