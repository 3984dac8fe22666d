"""The drawn pages of TP2: 24 pages of an invented magazine, 1890 to 1940, where pictures take more and more room."""

import math
import random
from dataclasses import dataclass

from hub_cli.demo.png import grey_png

_SEED = 1890
_PAGES = 24
_FIRST, _LAST = 1890, 1940
WIDTH, HEIGHT, TILE = 160, 224, 8
_MARGIN = 2  # in tiles, on each side
_COLUMNS, _ROWS = WIDTH // TILE - 2 * _MARGIN, HEIGHT // TILE - 2 * _MARGIN
_PAPER, _INK = 255, 20
_GUTTER, _PARAGRAPH_ENDS = 5, 0.1
# Engravings are cut in black lines: the rule that students write takes them for text, and they are asked to see it.
_ENGRAVINGS = (4, 9)

Picture = list[bytearray]


@dataclass(frozen=True)
class _Box:
    """A rectangle in tiles, from the top left corner of the page."""

    left: int
    top: int
    width: int
    height: int


def pages() -> dict[str, bytes]:
    """The pictures under their file names, and pages.csv, which dates them."""
    dice = random.Random(_SEED)
    files: dict[str, bytes] = {}
    rows = ["fichier,annee"]
    for number in range(1, _PAGES + 1):
        year = _year(number)
        name = f"pages/page-{number:02}.png"
        page = _page(dice, _share(dice, year), engraved=number in _ENGRAVINGS)
        files[name] = grey_png([bytes(row) for row in page])
        rows.append(f"{name},{year}")
    return {**files, "pages.csv": "\n".join([*rows, ""]).encode()}


def _year(number: int) -> int:
    return _FIRST + round((number - 1) * (_LAST - _FIRST) / (_PAGES - 1))


def _share(dice: random.Random, year: int) -> float:
    """The part of the printed surface that pictures take: an S curve that turns in the twenties."""
    return 0.08 + 0.52 / (1 + math.exp(-(year - 1918) / 6)) + dice.uniform(-0.06, 0.06)


def _page(dice: random.Random, share: float, *, engraved: bool) -> Picture:
    picture = [bytearray([_PAPER] * WIDTH) for _ in range(HEIGHT)]
    box = _illustration(dice, max(share, 0.02))
    for row in range(_MARGIN, _MARGIN + _ROWS):
        for left, width in _free(row, box):
            _print(dice, picture, row, left, width)
    _draw(dice, picture, box)
    if engraved:
        _engrave(picture, box)
    return picture


def _illustration(dice: random.Random, share: float) -> _Box:
    width = _COLUMNS if share > 0.45 else dice.choice((_COLUMNS // 2, _COLUMNS))
    height = max(2, min(_ROWS, round(share * _COLUMNS * _ROWS / width)))
    left = _MARGIN + dice.choice((0, _COLUMNS - width))
    return _Box(left, _MARGIN + dice.randint(0, _ROWS - height), width, height)


def _free(row: int, box: _Box) -> list[tuple[int, int]]:
    """The columns of a row of tiles, as (left, width), that the illustration leaves to the text."""
    half = _COLUMNS // 2
    columns = [(_MARGIN, half), (_MARGIN + half, half)]
    if not box.top <= row < box.top + box.height:
        return columns
    return [(left, width) for left, width in columns if left + width <= box.left or left >= box.left + box.width]


def _print(dice: random.Random, picture: Picture, row: int, left: int, width: int) -> None:
    """Two lines of one column in a row of tiles: black strokes of a word's length; a paragraph may end there."""
    for top in (row * TILE + 1, row * TILE + 5):
        x, end = left * TILE, (left + width) * TILE - _GUTTER
        if dice.random() < _PARAGRAPH_ENDS:
            end = dice.randint(x + 12, end)
        while x < end:
            stop = min(x + dice.randint(5, 16), end)
            for y in (top, top + 1):
                picture[y][x:stop] = bytes([_INK] * (stop - x))
            x = stop + 2


def _draw(dice: random.Random, picture: Picture, box: _Box) -> None:
    """A landscape in greys: sky, hills and the grain of cheap printing; no pixel as dark as ink or as light as paper."""
    tall, wide = box.height * TILE, box.width * TILE
    waves = [(dice.uniform(0.02, 0.09), dice.uniform(0, 6), dice.uniform(0.05, 0.12)) for _ in range(3)]
    for x in range(wide):
        horizon = tall * (0.55 + sum(size * math.sin(speed * x + shift) for speed, shift, size in waves))
        for y in range(tall):
            shade = 200 - 50 * y / tall if y < horizon else 120 - 40 * (y - horizon) / tall
            picture[box.top * TILE + y][box.left * TILE + x] = int(shade) + dice.choice((-8, 0, 8))


def _engrave(picture: Picture, box: _Box) -> None:
    """Cut the picture in black and white lines, closer where it is darker."""
    for y in range(box.top * TILE, (box.top + box.height) * TILE):
        for x in range(box.left * TILE, (box.left + box.width) * TILE):
            dark = (x + 2 * y) % 6 < 5 - picture[y][x] // 45
            picture[y][x] = _INK if dark else _PAPER
