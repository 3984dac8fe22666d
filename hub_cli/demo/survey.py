"""The survey of TP1: 400 invented answers, with the disciplines as people really type them."""

import random
from collections import Counter
from dataclasses import dataclass

_SEED = 1922
_ANSWERS = 400
_OTHER = "Autre"


@dataclass(frozen=True)
class _Discipline:
    """How many answers in a hundred, the share of each tool, and the spellings, the usual one first."""

    weight: int
    tools: tuple[int, int, int]
    spellings: tuple[str, ...]


_DISCIPLINES = {
    "Sociologie": _Discipline(
        25,
        (40, 38, 22),
        (
            *("Sociologie", "sociologie", "socio", "SOCIOLOGIE", "Socio.", "sociolgie", " Sociologie ", "sosiologie"),
            *("Sociologie du travail", "licence de sociologie"),
        ),
    ),
    "Histoire": _Discipline(
        20,
        (60, 20, 20),
        (
            *("Histoire", "histoire", "HISTOIRE", "Hist.", "histoire contemporaine", "hsitoire", "Histoire "),
            *("Histiore", "Histoire-géo", "histoire de l'art"),
        ),
    ),
    "Géographie": _Discipline(
        18,
        (36, 24, 40),
        (
            *("Géographie", "geographie", "GEOGRAPHIE", "géo", "Géo.", "géographie ", "goegraphie"),
            *("Géographie humaine", "géogrpahie", "Ge\u0301ographie"),
        ),
    ),
    "Psychologie": _Discipline(
        18,
        (30, 50, 20),
        (
            *("Psychologie", "psychologie", "psycho", "PSYCHO", "Psychologie sociale", "phsychologie", "Psy."),
            *(" psychologie", "pyschologie", "Psycologie"),
        ),
    ),
    "Linguistique": _Discipline(
        13,
        (30, 20, 50),
        (
            *("Linguistique", "linguistique", "LINGUISTIQUE", "ling.", "sciences du langage", "Sciences du Langage"),
            *("lingusitique", "Linguistique ", "linguistque", "inguistique"),
        ),
    ),
    _OTHER: _Discipline(6, (60, 25, 15), ("Droit", "Philosophie", "STAPS", "éco-gestion", "théâtre")),
}
_TOOLS = ("Tableur", "Logiciel de statistique", "Code")
_MISSING = ("", "NR", "n/a", "-", "?")
_LEVELS = ("L1", "L2", "L3", "M1", "M2", "Doctorat")


@dataclass(frozen=True)
class _Answer:
    """One row of the file, beside what the person meant; None where the person said nothing."""

    row: tuple[str, ...]
    discipline: str | None
    tool: str | None


def survey_csv() -> bytes:
    """The file as the survey tool exports it: semicolons, decimal commas, five ways to say nothing."""
    rows = ["id;age;niveau;discipline;outil;heures", *(";".join(answer.row) for answer in _answers()), ""]
    return "\n".join(rows).encode()


def survey_figures() -> dict[str, int]:
    """What a right recoding finds: answers per discipline, per "discipline/tool", and the cross table's total."""
    answers = _answers()
    figures = Counter(answer.discipline for answer in answers if answer.discipline)
    pairs = [
        f"{answer.discipline}/{answer.tool}" for answer in answers if answer.discipline not in (None, _OTHER) and answer.tool
    ]
    return {**figures, **Counter(pairs), "total": len(pairs)}


def _answers() -> list[_Answer]:
    dice = random.Random(_SEED)
    return [_answer(dice, number) for number in range(1, _ANSWERS + 1)]


def _answer(dice: random.Random, number: int) -> _Answer:
    names = tuple(_DISCIPLINES)
    meant = dice.choices(names, [_DISCIPLINES[name].weight for name in names])[0]
    discipline = _DISCIPLINES[meant]
    level = dice.choices(_LEVELS, (22, 24, 20, 16, 12, 6))[0]
    tool = dice.choices(_TOOLS, discipline.tools)[0]
    age = _or_missing(dice, str(_age(dice, level)), 4)
    typed = _or_missing(dice, _spelling(dice, discipline.spellings), 5)
    chosen = _or_missing(dice, tool, 3)
    hours = _or_missing(dice, _hours(dice, tool), 6)
    return _Answer(
        (f"E{number:03}", age, level, typed, chosen, hours),
        None if typed in _MISSING else meant,
        None if chosen in _MISSING else tool,
    )


def _spelling(dice: random.Random, spellings: tuple[str, ...]) -> str:
    weights = [40, *(60 / (len(spellings) - 1) for _ in spellings[1:])]
    return dice.choices(spellings, weights)[0]


def _or_missing(dice: random.Random, value: str, percent: int) -> str:
    return dice.choice(_MISSING) if dice.random() * 100 < percent else value


def _age(dice: random.Random, level: str) -> int:
    return 18 + _LEVELS.index(level) + min(int(dice.expovariate(0.6)), 20)


def _hours(dice: random.Random, tool: str) -> str:
    hours = dice.gauss(3.0 + 1.5 * _TOOLS.index(tool), 1.4)
    return f"{max(0.5, round(hours * 2) / 2):.1f}".replace(".", ",")
