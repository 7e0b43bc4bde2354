"""What the columns of a report are called: meeting tools write headings in the language of who exports."""

import unicodedata
from collections.abc import Sequence

NAME, EMAIL, JOINED, LEFT, WAITING, MINUTES = "name", "email", "joined", "left", "waiting", "minutes"

_WORDS = {
    NAME: """
        name; name original name; full name; user name; display name; participant; participant name
        nome; nome nome originale; nome utente; nome e cognome; nome completo; nome visualizzato; partecipante
        ονομα; ονομα αρχικο ονομα; ονομα χρηστη; ονοματεπωνυμο; πληρεσ ονομα; συμμετεχων; ονομα συμμετεχοντα
        nume; nume nume original; nume nume initial; nume complet; nume utilizator; numele participantului; participantul
        name ursprunglicher name; nom; nom nom original; nombre; nombre nombre original""",
    EMAIL: """
        email; e mail; mail; user email; user e mail; email address; e mail address
        e mail utente; email utente; indirizzo email; indirizzo e mail; indirizzo di posta elettronica; posta elettronica
        διευθυνση email; διευθυνση e mail; email χρηστη; e mail χρηστη; ηλεκτρονικο ταχυδρομειο; διευθυνση ηλεκτρονικου ταχυδρομειου
        adresa de e mail; adresa e mail; adresa de email; adresa email; e mail utilizator; email utilizator; e mailul utilizatorului
        benutzer e mail; adresse e mail; e mail de l utilisateur; correo electronico; correo electronico del usuario""",
    JOINED: """
        join time; joined; join; first join; first join time; joined at; time joined
        ora di accesso; ora di ingresso; ora di entrata; ora di partecipazione; ora partecipazione; ora di adesione; orario di accesso
        orario di ingresso; prima partecipazione; primo accesso; primo ingresso; ingresso
        ωρα εισοδου; ωρα συνδεσησ; ωρα συμμετοχησ; πρωτη συμμετοχη; πρωτη εισοδοσ; πρωτη συνδεση; εισοδοσ
        ora conectarii; ora de conectare; ora intrarii; ora de intrare; ora alaturarii; ora asocierii; ora participarii; prima alaturare
        prima asociere; prima conectare; prima intrare; prima participare
        beitrittszeit; erster beitritt; heure d arrivee; heure de participation; hora de entrada; hora de union""",
    LEFT: """
        leave time; left; leave; last leave; last leave time; left at; time left
        ora di uscita; ora uscita; orario di uscita; ora di abbandono; ultima uscita; ultimo abbandono; uscita
        ωρα εξοδου; ωρα αποσυνδεσησ; ωρα αποχωρησησ; τελευταια αποχωρηση; τελευταια εξοδοσ; τελευταια αποσυνδεση; εξοδοσ
        ora deconectarii; ora de deconectare; ora iesirii; ora de iesire; ora parasirii; ultima iesire; ultima parasire; ultima deconectare
        austrittszeit; beendigungszeit; letzter austritt; heure de depart; hora de salida; hora de abandono""",
    WAITING: """
        in waiting room; waiting room; in sala d attesa; nella sala d attesa; sala d attesa
        στην αιθουσα αναμονησ; σε αιθουσα αναμονησ; αιθουσα αναμονησ; in sala de asteptare; sala de asteptare
        im warteraum; en salle d attente; en sala de espera""",
    MINUTES: """
        duration; duration minutes; total duration minutes; in meeting duration
        durata; durata minuti; durata totale minuti; durata riunione; durata nella riunione
        διαρκεια; διαρκεια λεπτα; συνολικη διαρκεια λεπτα; διαρκεια στη συσκεψη
        durata minute; durata totala minute; durata in intalnire; durata in sedinta""",
}
_COLUMN = {
    phrase.strip(): column
    for column, phrases in _WORDS.items()
    for line in phrases.splitlines()
    for phrase in line.split(";")
    if phrase.strip()
}
_YES = frozenset({"yes", "si", "ναι", "da", "ja", "oui", "true", "1"})


def plain(text: str) -> str:
    """Reduce a heading to its letters and digits: no case, no accents, no punctuation."""
    stripped = (letter for letter in unicodedata.normalize("NFKD", text).casefold() if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in stripped).replace("ς", "σ").split())


def columns(row: Sequence[str]) -> dict[str, int]:
    """Tell which known column stands where in *row*; the first of two with the same meaning counts."""
    found: dict[str, int] = {}
    for place, text in enumerate(row):
        column = _COLUMN.get(plain(text))
        if column and column not in found:
            found[column] = place
    return found


def is_yes(text: str) -> bool:
    """Say whether a cell says yes, in one of the languages."""
    return plain(text) in _YES
