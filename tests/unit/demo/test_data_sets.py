"""The data sets hold what the exercises ask about."""

import csv
import io
import statistics
import struct
import zlib

from hub_cli.demo.pages import HEIGHT, WIDTH, pages
from hub_cli.demo.png import grey_png
from hub_cli.demo.rents import rents_csv
from hub_cli.demo.survey import survey_csv, survey_figures


def test_four_hundred_answers_with_typos_accents_and_missing_values() -> None:
    rows = list(csv.DictReader(io.StringIO(survey_csv().decode()), delimiter=";"))
    typed = {row["discipline"] for row in rows}
    assert len(rows) == 400
    assert {"hsitoire", "Géographie", "", "NR", "n/a", "-", "?"} <= typed
    assert all("." not in row["heures"] for row in rows)


def test_the_figures_count_what_people_meant() -> None:
    figures = survey_figures()
    disciplines = ("Sociologie", "Histoire", "Géographie", "Psychologie", "Linguistique")
    pairs = [count for name, count in figures.items() if "/" in name]
    assert sum(figures[name] for name in disciplines) > 330
    assert figures["total"] == sum(pairs)
    assert len(pairs) == 15


def test_thirty_square_metres_cost_about_1300_euros() -> None:
    rows = list(csv.DictReader(io.StringIO(rents_csv().decode())))[:240]
    surfaces = [float(row["surface"]) for row in rows]
    line = statistics.linear_regression(surfaces, [float(row["loyer"]) for row in rows])
    assert abs(line.slope * 30 + line.intercept - 1300) < 20


def test_adverts_hold_mistakes_and_repeated_lines() -> None:
    lines = rents_csv().decode().splitlines()[1:]
    assert len(lines) == 248
    assert len(set(lines)) == 246


def test_a_grey_picture_is_a_png() -> None:
    picture = grey_png([b"\x00\xff\x80", b"\x01\x02\x03"])
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", picture[16:24]) == (3, 2)
    length = struct.unpack(">I", picture[33:37])[0]
    assert zlib.decompress(picture[41 : 41 + length]) == b"\0\x00\xff\x80\0\x01\x02\x03"


def test_24_pages_from_1890_to_1940() -> None:
    files = pages()
    rows = list(csv.DictReader(io.StringIO(files["pages.csv"].decode())))
    assert [rows[0]["annee"], rows[-1]["annee"], len(rows)] == ["1890", "1940", 24]
    assert all(struct.unpack(">II", files[row["fichier"]][16:24]) == (WIDTH, HEIGHT) for row in rows)
    assert sum(map(len, files.values())) < 200_000
