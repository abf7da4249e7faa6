"""Words in the names of columns, in the languages of the customer tables of the world, and what they say."""

from __future__ import annotations

# fmt: off
EVENT_WORDS = (
    "created", "updated", "modified", "changed", "inserted", "registered", "registration", "signup", "joined", "since",
    "last", "first", "login", "timestamp", "time", "order", "ordered", "purchase", "visit", "seen", "expiry", "expires",
    "valid", "start", "end", "from", "until", "extract", "load", "loaded", "opened", "closed", "hire", "hired", "issue",
    "issued", "enrolled", "admission", "admitted", "effective", "paid", "due", "sent", "deleted", "activated",
    "subscribed", "renewal", "expiration",
)
"""Words in the name of a date column that speak of an event and not of a person."""

AMOUNT_WORDS = (
    "amount", "total", "revenue", "balance", "score", "count", "qty", "quantity", "income", "spend", "spent", "value",
    "sales", "points", "orders", "visits", "rating", "salary", "sum", "limit", "margin", "cost", "discount",
)

GIVEN = ("given", "firstname", "first", "fname", "forename", "forenames", "vorname", "prenom", "nombre", "christian",
         "voornaam", "nome", "imie")
FAMILY = ("family", "surname", "lastname", "last", "lname", "sname", "nachname", "familienname", "apellido",
          "apellidos", "cognome", "achternaam", "nazwisko", "sobrenome")
MIDDLE = ("middle", "middlename", "mname", "mi")
FULL = ("fullname", "name", "pername", "customer", "contact", "person", "client", "patient", "member", "holder", "naam",
        "nom")
OTHER_NAMES = ("mother", "mothers", "father", "fathers", "spouse", "husband", "wife", "guardian", "kin", "emergency",
               "maiden", "former", "previous", "alias", "aka", "nickname", "preferred")
"""Words that speak of a further name, or of the name of somebody else."""
ORGANISATION = ("org", "organisation", "organization", "company", "firm", "business", "employer", "institution",
                "affiliation", "vendor", "supplier", "corporation", "legalname", "firma", "entreprise")

PHONE_WORDS = ("phone", "telephone", "tel", "mobile", "cell", "cellphone", "phonenumber", "fax", "handy", "msisdn",
               "landline", "telefon", "telefonnummer", "handynummer", "telefono", "telefoon", "gsm", "celular", "movil",
               "cellulare", "contactno", "contactnumber")
STREET_WORDS = ("street", "addr", "address", "road", "line", "line1", "strasse", "adresse", "address1", "addressline1",
                "streetaddress", "rue", "calle", "via", "anschrift", "straat", "indirizzo", "direccion", "domicilio")
HOUSE_NUMBER_WORDS = ("hausnummer", "housenumber", "streetnumber", "huisnummer")
CITY_WORDS = ("city", "town", "suburb", "locality", "municipality", "ort", "stadt", "ville", "ciudad", "citta", "place",
              "comune", "wohnort", "woonplaats")
POSTCODE_WORDS = ("postcode", "postal", "zip", "zipcode", "postalcode", "plz", "pincode", "cap", "codepostal",
                  "postleitzahl")
STATE_WORDS = ("state", "province", "county", "region", "bundesland", "prefecture", "provincia")
ID_WORDS = ("id", "no", "nr", "num", "number", "code", "key", "ssn", "nin", "passport", "licence", "license", "account",
            "acct", "vat", "lei", "loyalty", "card", "uuid", "guid", "ref", "reference", "iban", "isbn", "sku", "ein",
            "nino", "nhs", "mrn", "ean", "upc", "gtin", "login", "user", "username", "userid", "handle", "cookie",
            "device")
BIRTH_WORDS = ("dob", "birth", "born", "birthdate", "birthday", "birthyear", "dateofbirth", "geburtsdatum", "naissance",
               "bday", "nacimiento", "nascita", "geboortedatum", "yob")
# fmt: on
