"""Invented people, and how one of them comes to be typed a second time (H25)."""

import datetime as dt
import unicodedata

GIVEN = [
    "Amara",
    "Ana",
    "Anaïs",
    "Arturo",
    "Beatriz",
    "Benedikt",
    "Camille",
    "Carmen",
    "Chidi",
    "Clara",
    "Dagný",
    "Daniel",
    "Diego",
    "Edita",
    "Élodie",
    "Emeka",
    "Esther",
    "Fatima",
    "Federico",
    "Fiona",
    "Gábor",
    "Giulia",
    "Grace",
    "Hana",
    "Hélène",
    "Ibrahim",
    "Ines",
    "Ivana",
    "Jasmin",
    "João",
    "José",
    "Kamila",
    "Katarzyna",
    "Kofi",
    "Lars",
    "Layla",
    "Léa",
    "Ludmila",
    "Łukasz",
    "Maëlle",
    "Marco",
    "Mariana",
    "Mateusz",
    "Mei",
    "Mirela",
    "Nadia",
    "Ngozi",
    "Niamh",
    "Nuno",
    "Olga",
    "Oluwaseun",
    "Oskar",
    "Paula",
    "Pedro",
    "Priya",
    "Rafael",
    "Renée",
    "Rosa",
    "Ruth",
    "Sabine",
    "Samir",
    "Sibusiso",
    "Sofía",
    "Søren",
    "Tamara",
    "Teresa",
    "Thị",
    "Tomáš",
    "Ulrike",
    "Valentina",
    "Viktor",
    "Wanjiru",
    "Weronika",
    "Xiomara",
    "Yara",
    "Yusuf",
    "Zainab",
    "Zoë",
]
FRONT = [
    "Al",
    "Bar",
    "Cor",
    "Dal",
    "Es",
    "Fer",
    "Gar",
    "Hol",
    "In",
    "Jar",
    "Kov",
    "Lind",
    "Mor",
    "Nav",
    "Or",
    "Pel",
    "Quin",
    "Rod",
    "Sal",
    "Tor",
    "Ul",
    "Var",
    "Wes",
    "Yil",
    "Zam",
]
BACK = [
    "ado",
    "berg",
    "cken",
    "dorf",
    "enko",
    "feld",
    "gård",
    "hart",
    "ić",
    "jón",
    "kov",
    "lund",
    "mann",
    "nez",
    "osa",
    "pour",
    "quist",
    "riz",
    "ski",
    "tana",
    "uck",
    "vik",
]
NICKNAMES = {"Katarzyna": "Kasia", "José": "Pepe", "Daniel": "Dan", "Mateusz": "Matt", "Beatriz": "Bea"}
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def somebody(dice):
    """A person; a third gave no phone, a half no e-mail."""
    born = dt.date(1935, 1, 1) + dt.timedelta(days=dice.randrange(27_000))
    number = f"+4479{dice.randrange(10**8):08d}" if dice.random() < 0.67 else ""
    family = dice.choice(FRONT) + dice.choice(BACK)
    email = f"{family.lower()}{dice.randrange(10**6)}@mail.example" if dice.random() < 0.5 else ""
    return {
        "given_name": dice.choice(GIVEN),
        "family_name": family,
        "birth_date": born,
        "phone": number,
        "email": email,
    }


def _mistyped(word, dice):
    place = dice.randrange(len(word))
    head, tail = word[:place], word[place:]
    way = dice.randrange(4)
    if way == 0:
        return head + dice.choice(LETTERS) + tail[1:]
    if way == 1 and len(word) > 3:
        return head + tail[1:]
    if way == 2:
        return head + dice.choice(LETTERS) + tail
    return head + tail[1:2] + tail[:1] + tail[2:]


def typing_error(who, dice):
    """One or two letters wrong, somewhere in the name; the phone not asked again."""
    parts = ["given_name", "family_name"]
    wrong = {name: _mistyped(who[name], dice) for name in dice.sample(parts, dice.choice([1, 1, 2]))}
    return who | wrong | {"phone": "", "email": ""}


def swapped_names(who, dice):
    return who | {
        "given_name": who["family_name"],
        "family_name": who["given_name"],
        "phone": "",
        "email": "",
    }


def no_accents(who, dice):
    plain = {
        name: "".join(
            one for one in unicodedata.normalize("NFD", who[name]) if not unicodedata.combining(one)
        )
        for name in ("given_name", "family_name")
    }
    return who | plain | {"phone": "", "email": ""}


def other_surname(who, dice):
    """Married: another family name, the same birth date."""
    return who | {"family_name": dice.choice(FRONT) + dice.choice(BACK), "phone": "", "email": ""}


def nickname(who, dice):
    """Called otherwise, the same family name and birth date."""
    called = NICKNAMES.get(who["given_name"], who["given_name"][:3])
    return who | {"given_name": called, "phone": "", "email": ""}


def new_name_same_phone(who, dice):
    """Another name and a birth date not quite heard, but the same phone or e-mail."""
    changed = other_surname(who, dice) | {"phone": who["phone"], "email": who["email"]}
    return changed if who["phone"] or who["email"] else swapped_digits(who, dice)


def swapped_digits(who, dice):
    """Two digits of the birth date side by side, or day and month, are swapped."""
    born = who["birth_date"]
    days = [f"{born:%Y%d%m}"]
    typed = f"{born:%Y%m%d}"
    days += [typed[:n] + typed[n + 1] + typed[n] + typed[n + 2 :] for n in range(2, 7)]
    real = [day for text in days if (day := _real(text)) and day != born]
    return who | {"birth_date": dice.choice(real) if real else born, "phone": "", "email": ""}


def _real(text):
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


WAYS = (
    typing_error,
    swapped_names,
    no_accents,
    other_surname,
    nickname,
    new_name_same_phone,
    swapped_digits,
)
