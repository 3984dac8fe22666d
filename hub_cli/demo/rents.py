"""The rent adverts of TP2: 240 invented flats in three districts, and the mistakes that adverts contain."""

import random

_SEED = 1300
_ADVERTS = 240
# A flat of 30 m² costs about 1 300 €: 250 + 34 × 30 and the district moves that by as much again as the noise.
_BASE, _PER_SQUARE_METRE, _NOISE = 250, 34, 75
_DISTRICTS = {"Centre": 95, "Gare": 0, "Campus": -80}
_MISTAKES = (
    "A241,,910,Gare",
    "A242,32,,Centre",
    "A243,2800,1250,Campus",
    "A244,45,0,Gare",
    "A245,-20,980,Centre",
    "A246,38,15800,Campus",
)


def rents_csv() -> bytes:
    """The adverts: number, surface in m², monthly rent in euros, district; two of them stand twice."""
    dice = random.Random(_SEED)
    adverts = [_advert(dice, number) for number in range(1, _ADVERTS + 1)]
    rows = [*adverts, *_MISTAKES, adverts[16], adverts[117]]
    return "\n".join(["annonce,surface,loyer,quartier", *rows, ""]).encode()


def _advert(dice: random.Random, number: int) -> str:
    district = dice.choices(tuple(_DISTRICTS), (40, 35, 25))[0]
    surface = min(max(round(dice.gauss(36, 14)), 12), 85)
    rent = _BASE + _PER_SQUARE_METRE * surface + _DISTRICTS[district] + dice.gauss(0, _NOISE)
    return f"A{number:03},{surface},{round(rent / 5) * 5},{district}"
