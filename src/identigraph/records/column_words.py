"""Words in the names of columns, in the languages of the customer tables of the world, and what they say."""

from __future__ import annotations

LONG = 3
"""A compound has a word of at least so many letters."""

# fmt: off
EVENT_WORDS = (
    "created", "updated", "modified", "changed", "inserted", "registered", "registration", "signup", "joined", "since",
    "last", "first", "login", "timestamp", "time", "order", "ordered", "purchase", "visit", "seen", "expiry", "expires",
    "valid", "start", "end", "from", "until", "extract", "load", "loaded", "opened", "closed", "hire", "hired", "issue",
    "issued", "enrolled", "admission", "admitted", "effective", "paid", "due", "sent", "deleted", "activated",
    "subscribed", "renewal", "expiration", "erstellt", "angelegt", "geandert", "alta", "baja", "cadastro", "creation",
    "creacion", "modification", "letzte", "letzter", "kauf", "compra", "achat", "bestellung", "pedido", "seit",
    "eintritt", "stand", "snapshot",
)
"""Words in the name of a date column that speak of an event and not of a person."""

AMOUNT_WORDS = (
    "amount", "total", "revenue", "balance", "score", "count", "qty", "quantity", "income", "spend", "spent", "value",
    "sales", "points", "orders", "visits", "rating", "salary", "sum", "limit", "margin", "cost", "discount", "betrag",
    "umsatz", "saldo", "punkte", "anzahl", "menge", "importe", "monto", "montant", "valor", "importo", "bedrag",
    "kwota",    "puntos", "pontos", "solde", "gehalt", "summe",
)
PRICE_WORDS = ("price", "preis", "precio", "preco", "prix", "prezzo", "prijs", "cena", "pris", "hinta", "fiyat", "pret",
               "harga", "msrp", "rrp", "uvp")

GIVEN = (
    "given", "givenname", "givennames", "firstname", "first", "fname", "forename", "forenames", "christian", "vorname",
    "vornamen", "rufname", "prenom", "prenoms", "nombre", "nombres", "voornaam",
    "voornamen", "roepnaam", "nome", "imie", "imiona", "fornamn", "fornavn", "tilltalsnamn", "etunimi", "etunimet",
    "kutsumanimi", "jmeno", "krestni", "meno", "isim", "prenume", "keresztnev", "utonev", "vardas", "eesnimi", "ime",
    "depan", "imya", "adi", "onoma", "ming", "mingzi", "mei", "ileum", "lsm",
)
"""Words for the given name; what ``nome``, ``imie`` or ``ime`` stand for alone is told by the other columns."""
FAMILY = (
    "family", "surname", "surnames", "lastname", "last", "lname", "sname", "nachname", "familienname", "zuname",
    "apellido", "apellidos", "paterno", "materno", "cognome", "cognomi", "achternaam", "familienaam", "nazwisko",
    "sobrenome", "apelido", "efternamn", "efternavn", "etternavn", "slektsnavn", "sukunimi", "prijmeni",
    "priezvisko", "soyad", "soyadi", "soyisim", "vezeteknev", "csaladnev", "familiya", "prizvishche", "prezime",
    "pavarde", "perekonnanimi", "priimek", "eponymo", "belakang", "marga", "xing", "xingshi", "seong", "sei", "myouji",
)
MIDDLE = ("middle", "second", "middlename", "middleinitial", "mname", "mi", "tussenvoegsel", "otchestvo", "patronymic",
          "patronym", "mellannamn", "mellomnavn", "segundo", "zweitname")
FULL = (
    "fullname", "name", "nm", "pername", "customer", "contact", "person", "client", "patient", "member", "holder",
    "subscriber", "voter", "employee", "guest", "student", "naam", "nom", "nome", "nombre", "nombres", "namn", "navn",
    "nimi", "nazwa", "imie", "ime", "jmeno", "meno", "nume", "nev", "nama", "isim", "adsoyad", "adisoyadi", "fio",
    "kunde", "kundenname", "kundin", "klant", "klient", "cliente", "paciente", "titular", "socio", "mitglied",
    "ansprechpartner", "empfanger", "inhaber", "imya", "xingming", "shiming", "mingcheng", "seongmyeong", "ileum",
    "onomateponymo", "namae", "beneficiary", "payer", "passenger",
)
WHOLE = ("full", "complete", "whole", "completo", "completa", "complet", "volledige", "vollstandig", "adsoyad")
NAME = ("name", "nm", "nom", "naam", "namn", "navn", "nimi", "nume", "nev", "nama")
"""Words that name the whole name, or the family name where the given name has a column of its own."""
OTHER_NAMES = (
    "mother", "mothers", "father", "fathers", "spouse", "husband", "wife", "guardian", "kin", "emergency", "maiden",
    "former", "previous", "alias", "aka", "nickname", "preferred", "mutter", "vater", "ehepartner", "geburtsname",
    "birthname", "spitzname", "madre", "padre", "conyuge", "mae", "pai", "mere", "conjoint", "jeunefille", "moeder",
    "vader", "matki", "ojca", "rodowe", "panienskie",
)
"""Words that speak of a further name, or of the name of somebody else."""
ORGANISATION = (
    "org", "organisation", "organization", "company", "firm", "business", "employer", "institution", "affiliation",
    "vendor", "supplier", "corporation", "legalname", "firma", "firmenname", "entreprise", "societe", "raisonsociale",
    "empresa", "razonsocial", "razaosocial", "fantasia", "azienda", "ditta", "societa", "ragionesociale", "bedrijf",
    "bedrijfsnaam", "organisatie", "unternehmen", "arbeitgeber", "lieferant", "foretag", "virksomhed", "bedrift",
    "yritys", "spolecnost", "sirket", "unvan", "companie", "ceg", "perusahaan", "organizatsiya", "kompaniya", "gongsi",
    "kaisha", "huishe", "account_name", "spolka", "przedsiebiorstwo", "employeur", "fournisseur", "proveedor",
)

EMAIL_WORDS = (
    "email", "mail", "e", "emails", "mailadresse", "emailadresse", "courriel", "mel", "correo", "sahkoposti", "eposta",
    "epost", "meruatoresu", "dianziyoujian", "youxiang", "imeil",
)
PHONE_WORDS = (
    "phone", "phones", "telephone", "tel", "tele", "ph", "mobile", "mob", "mobil", "cell", "cellphone", "phonenumber",
    "phoneno", "fax", "handy", "msisdn", "landline", "telefon", "telefonnummer", "handynummer", "rufnummer", "festnetz",
    "mobilfunk", "telefono", "telefone", "telefoon", "telefoonnummer", "gsm", "celular", "celulare", "movil", "mobiel",
    "cellulare", "fijo", "fixe", "portable", "komorka", "komorkowy", "mobiltelefon", "mobilnummer", "telefonnumer",
    "telefonszam", "puhelin", "puhelinnumero", "matkapuhelin", "mobilni", "ceptel", "telepon", "telpon", "hp",
    "whatsapp", "contactno", "contactnumber", "dianhua", "dianhuafanhao", "shouji", "denwa", "keitai", "jeonhwa",
    "jeonhwabeonho", "lhtf", "tilefono",
)
STREET_WORDS = (
    "street", "str", "addr", "address", "adres", "road", "line", "line1", "strasse", "adresse", "address1", "addr1",
    "add1", "addressline1", "addressline", "addrline", "addrline1", "streetaddress", "rue", "voie", "calle", "via",
    "anschrift", "straat", "straatnaam", "indirizzo", "direccion", "domicilio", "endereco", "logradouro", "morada",
    "rua", "ulica", "ul", "gata", "gatuadress", "adress", "gade", "vej", "vei", "osoite", "katuosoite", "lahiosoite",
    "adresa", "utca", "cim", "lakcim", "sokak", "cadde", "alamat", "jalan", "ulitsa", "dezhi", "zhusuo", "jusho",
    "juso", "strada", "residence", "dieuthynsi",
)
HOUSE_NUMBER_WORDS = (
    "hausnummer", "hausnr", "hnr", "housenumber", "houseno", "housenr", "housenum", "streetnumber", "streetno",
    "streetnum", "strnr", "huisnummer", "huisnr", "numcasa", "civico", "numerocivico", "nrdomu", "husnummer", "husnr",
    "doorno", "doornumber", "buildingno", "talonnumero", "hazszam", "kapino", "cislopopisne",
)
CITY_WORDS = (
    "city", "cityname", "town", "suburb", "locality", "municipality", "ort", "ortsname", "stadt", "gemeinde", "ville",
    "commune", "ciudad", "localidad", "municipio", "poblacion", "cidade", "localidade", "citta", "place", "comune",
    "localita", "wohnort", "woonplaats", "plaats", "gemeente", "stad", "miasto", "miejscowosc", "postort", "poststed",
    "bynavn", "kommun", "kommune", "kunta", "kaupunki", "postitoimipaikka", "mesto", "obec", "sehir", "ilce",
    "oras", "localitate", "varos", "telepules", "kota", "kabupaten", "gorod", "misto", "chengshi", "shi",
    "shiku", "dosi", "miestas", "linn",
)
DISTRICT_WORDS = (
    "district", "neighborhood", "neighbourhood", "bairro", "barrio", "colonia", "quartier", "stadtteil", "ortsteil",
    "wijk", "dzielnica", "mahalle", "kelurahan", "kecamatan", "quartiere", "frazione", "rayon", "raion", "kerulet",
)
POSTCODE_WORDS = (
    "postcode", "postal", "zip", "zip4", "zip5", "zipcode", "postalcode", "pcode", "plz", "pincode", "pin", "cap", "cp",
    "codepostal", "codpostal", "codigopostal", "cep", "postleitzahl", "kodpocztowy", "pocztowy", "postnummer", "postnr",
    "postinumero", "psc", "postakodu", "codulpostal", "iranyitoszam", "irsz", "kodepos", "indeks", "youbian",
    "youzheng",    "youzhengbianma", "youbianfanhao", "upyeonbeonho",
)
STATE_WORDS = (
    "state", "province", "county", "region", "bundesland", "kanton", "canton", "prefecture", "provincia", "departement",
    "departamento", "estado", "uf", "regione", "provincie", "wojewodztwo", "fylke", "maakunta", "judet",
    "megye", "provinsi", "oblast", "sheng", "todofuken", "comunidad",
)
COUNTRY_WORDS = (
    "country", "countrycode", "land", "landcode", "lander", "pays", "pais", "paese", "nazione", "staat", "kraj", "maa",
    "zeme", "ulke", "tara", "orszag", "negara", "strana", "guojia", "kuni", "gukga",
)
GENDER_WORDS = (
    "gender", "sex", "geschlecht", "sexe", "sexo", "genero", "sesso", "genere", "geslacht", "plec", "kon", "kjonn",
    "sukupuoli", "pohlavi", "cinsiyet", "kelamin", "pol", "xingbie", "seibetsu", "seongbyeol",
)
TITLE_WORDS = (
    "title", "salutation", "prefix", "honorific", "anrede", "titel", "civilite", "tratamiento", "tratamento", "titolo",
    "aanhef",
)
ID_WORDS = (
    "id", "no", "nr", "num", "number", "code", "key", "ssn", "nin", "passport", "licence", "license", "account", "acct",
    "vat", "lei", "loyalty", "card", "uuid", "guid", "ref", "reference", "iban", "isbn", "sku", "ein", "nino", "nhs",
    "mrn", "ean", "upc", "gtin", "login", "user", "username", "userid", "handle", "cookie", "device", "nummer",
    "kundennummer", "kundennr", "ausweis", "steuernummer", "steuerid", "ustid", "ustidnr", "uid", "numero", "documento",
    "dni", "nie", "nif", "cif", "nss", "curp", "rfc", "rut", "cedula", "pasaporte", "passaporte", "passaporto",
    "passeport", "cpf", "cnpj", "rg", "ci", "codicefiscale", "fiscale", "partitaiva", "piva", "siret", "siren", "tva",
    "bsn", "kvk", "btw", "pesel", "nip", "regon", "krs", "personnummer", "cpr", "cvr", "orgnr", "hetu", "ytunnus", "rc",
    "ico", "dic", "tckn", "tckimlik", "kimlik", "vergino", "cnp", "cui", "taj", "adoszam", "nik", "npwp", "ktp", "inn",
    "snils", "ogrn", "abn", "acn", "tfn", "aadhaar", "pan", "gstin", "duns", "eori", "imei", "karte", "kundenkarte",
    "tarjeta", "carte", "tessera", "cartao", "matricula", "expediente", "historia",
)
BIRTH_WORDS = (
    "dob", "birth", "born", "birthdate", "birthdt", "birthday", "birthyear", "dateofbirth", "bdate", "bday", "yob",
    "geburtsdatum", "gebdat", "gebdatum", "gebtag", "geb", "geburtstag", "geburtsjahr", "geboren", "geburts",
    "naissance", "datenaissance", "ddn", "nacimiento", "fechanacimiento", "fecnac", "nac", "nascimento",
    "datanascimento", "nasc", "dtnasc", "nascita", "datanascita", "geboortedatum", "geboorte", "geboortejaar",
    "urodzenia", "fodelsedatum", "fodelsedag", "fodselsdato", "foedselsdato", "fodsel", "syntymaaika", "syntyma",
    "narozeni", "narodenia", "dogum", "dogumtarihi", "nasterii", "nastere", "szuletesi", "szuletes", "lahir",
    "tanggallahir", "tgllahir", "rozhdeniya", "narodzhennya", "chusheng", "chushengriqi", "shengnianyueri", "shengri",
    "saengnyeonwolil", "seinengappi", "gimenisi",
)
JOINING = ("cust", "kunden", "client", "user", "person", "pers", "date", "datum", "name", "nummer", "num", "code",
           "first", "last", "full", "street", "house", "home", "work", "billing", "shipping", "primary", "adresse",
           "address", "addr", "place", "year", "month", "day", "jahr", "tag", "monat", "type", "kind", "of", "tax")
"""Further words that compounds are made of: ``custphonenum``, ``dateofbirth``."""
# fmt: on

VOCABULARY = frozenset(
    (
        *GIVEN, *FAMILY, *MIDDLE, *FULL, *OTHER_NAMES, *ORGANISATION, *EMAIL_WORDS, *PHONE_WORDS, *STREET_WORDS,
        *HOUSE_NUMBER_WORDS, *CITY_WORDS, *DISTRICT_WORDS, *POSTCODE_WORDS, *STATE_WORDS, *COUNTRY_WORDS,
        *GENDER_WORDS, *TITLE_WORDS, *ID_WORDS, *BIRTH_WORDS, *EVENT_WORDS, *AMOUNT_WORDS, *JOINING,
    )
)  # fmt: skip
"""All words of this page."""


def compound(word: str) -> tuple[str, ...]:
    """Return the known words that `word` is made of, as few as possible; none where it is known or cannot be cut.

    Examples:
        >>> compound("custphonenum"), compound("telno"), compound("phone"), compound("colour")
        (('cust', 'phone', 'num'), ('tel', 'no'), (), ())
    """
    if word in VOCABULARY:
        return ()
    ways: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(2, len(word) + 1):
        known = [(*ways[at], word[at:end]) for at in ways if at <= end - 2 and word[at:end] in VOCABULARY]
        if known:
            ways[end] = min(known, key=len)
    found = ways.get(len(word), ())
    return found if any(len(piece) >= LONG for piece in found) else ()
