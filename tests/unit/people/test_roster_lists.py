"""Lists of people as spreadsheets write them: understood line by line, all of it or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub_config.access.roles import Role
from hub_services.people.api import RosterReport, read_roster
from hub_services.portal.words import ROLES
from hub_services.web.i18n import translator

GOOD = "email;nom;rôle;groupe\nlinh@univ.example;Linh Nguyễn;étudiante;TD 2\nines@univ.example;Inès;chargée de TD;\n"


def understood(report: RosterReport) -> list[tuple[str, str, Role, str]]:
    assert report.is_good, [line.problem for line in report.lines]
    return [(line.email, line.name, line.role, line.group) for line in report.lines]


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("ễ", "e").encode("cp1252"),
        GOOD.encode("utf-16"),
        GOOD.replace(";", "\t").encode(),
        GOOD.replace(";", ",").encode(),
        GOOD.replace("linh@", "  LINH@").encode(),
        GOOD.replace("\n", "\n;;;\n\n").encode(),
    ],
    ids=["utf-8", "bom", "crlf", "cp1252", "utf-16", "tabs", "commas", "capitals", "empty lines"],
)
def test_a_list_is_read_however_it_was_saved(content: bytes) -> None:
    lines = understood(read_roster(content))
    assert [(email, role, group) for email, _, role, group in lines] == [
        ("linh@univ.example", Role.STUDENT, "TD 2"),
        ("ines@univ.example", Role.ASSISTANT, ""),
    ]
    assert lines[1][1] == "Inès"


def test_a_list_without_a_header_is_addresses_then_names() -> None:
    assert understood(read_roster(b"linh@univ.example,Linh\namina@univ.example\n")) == [
        ("linh@univ.example", "Linh", Role.STUDENT, ""),
        ("amina@univ.example", "", Role.STUDENT, ""),
    ]


def test_first_and_last_names_are_put_together() -> None:
    report = read_roster("Prénom,Nom,Courriel\nLinh,Nguyen,linh@univ.example\n".encode())
    assert understood(report) == [("linh@univ.example", "Linh Nguyen", Role.STUDENT, "")]


def test_each_doubtful_line_is_named_and_nothing_is_good() -> None:
    lines = (
        "email,role",
        "linh@univ.example,",
        "not an address,",
        "LINH@univ.example,",
        "amina@univ.example,king",
        "zoe@u.example,",
    )
    report = read_roster("\n".join(lines).encode())
    assert not report.is_good
    problems = {line.number: line.problem for line in report.lines if line.problem}
    assert sorted(problems) == [3, 4, 5]
    assert "address" in problems[3]
    assert "earlier line" in problems[4]
    assert "role" in problems[5]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"email,name\n", b" , ,\n"])
def test_a_list_of_nobody_is_not_good(content: bytes) -> None:
    report = read_roster(content)
    assert not report.is_good
    assert report.lines == ()


@pytest.mark.parametrize("address", ["=HYPERLINK(1)", "a@b", "@univ.example", "a b@univ.example", "<a@univ.example>", "a@@b.c"])
def test_what_is_no_address_is_refused(address: str) -> None:
    assert not read_roster(address.encode()).is_good


def test_quoted_cells_keep_their_separators() -> None:
    report = read_roster(b'email,name\nlinh@univ.example,"Nguyen, Linh"\n')
    assert understood(report)[0][1] == "Nguyen, Linh"


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    report = read_roster(content)
    assert report.enrolled == report.invited == 0


def test_a_cell_larger_than_any_name_is_a_problem_of_its_line() -> None:
    report = read_roster(b"email,name\nlinh@univ.example," + b"x" * 200_000 + b"\namina@univ.example\n")
    assert [bool(line.problem) for line in report.lines] == [True, False]


def test_a_quote_that_is_never_closed_spoils_its_own_line_alone() -> None:
    report = read_roster(b'email,name\nlinh@univ.example,"Linh\namina@univ.example,Amina\n')
    assert [line.email for line in report.lines] == ["linh@univ.example", "amina@univ.example"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_role_is_understood_as_the_pages_write_it(language: str) -> None:
    words = {role: translator(language).gettext(english) for role, english in ROLES.items()}
    lines = "\n".join(f"{role}@univ.example;{word}" for role, word in words.items())
    report = read_roster(f"email;role\n{lines}\n".encode())
    assert {line.email.partition("@")[0]: line.role for line in report.lines} == {role.value: role for role in Role}
    assert report.is_good
