"""Words that stand where nothing is known, in the languages of the forms of the world."""

from __future__ import annotations

UNKNOWN = [
    "not informed", "not known", "not stated", "no data", "no id", "no name", "does not apply", "unbekannt",
    "nicht bekannt", "nicht vorhanden", "keine angabe", "keine", "keiner", "ohne", "k a", "entfallt", "inconnu",
    "inconnue", "non connu", "non renseigne", "non communique", "sans objet", "aucun", "aucune", "desconocido",
    "desconocida", "sin datos", "sin dato", "sin nombre", "sin apellido", "sin dni", "sin documento", "sin informacion",
    "no informado", "no consta", "no tiene", "no aplica", "ninguno", "ninguna", "desconhecido", "desconhecida",
    "nao informado", "nao informada", "nao consta", "nao tem", "nao possui", "nao se aplica", "sem nome", "sem dados",
    "sem documento", "sconosciuto", "sconosciuta", "non disponibile", "non noto", "nessuno", "onbekend", "niet bekend",
    "geen", "nvt", "n v t", "nieznany", "nieznane", "nieznana", "brak", "brak danych", "nie dotyczy", "okand", "saknas",
    "ukendt", "ukjent", "mangler", "tuntematon", "ei tiedossa", "neznamy", "neznamo", "neuvedeno", "bilinmiyor", "yok",
    "necunoscut", "ismeretlen", "nincs", "tidak ada", "tidak diketahui", "neizvestno", "net dannykh", "weizhi",
    "meiyou", "fumei", "eopseum",
]  # fmt: skip
"""Words and phrases, cleaned, that are no value."""
