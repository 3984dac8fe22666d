"""Who is in a course, since when, until when; announcements; the right check."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from hub_config.access.roles import Right, Role
from hub_services.people import api as people
from hub_services.people.api import Identity, Person
from hub_services.people.sign_in import Account
from hub_services.web.platform import Platform
from hub_services.web.refusals import Refusal
from tests.unit.conftest import START, Clock

COURSE = "course"
MINE = Account(Identity("https://idp.example", "amina"), "Amina", "amina@univ.example", is_administrator=False)


def role_of(platform: Platform, person: Person, course: str = COURSE) -> Role | None:
    with platform.database.read() as connection:
        found = people.membership(platform, connection, person.id, course)
    return found.role if found else None


def signs_in(platform: Platform, account: Account = MINE) -> Person:
    with platform.database.begin() as connection:
        return people.resolve(platform, connection, account)


def announced(platform: Platform, *lines: str) -> people.RosterReport:
    with platform.database.begin() as connection:
        report = people.read_roster("\n".join(("email,role,group", *lines)).encode())
        assert report.is_good
        return people.apply_roster(connection, COURSE, report, platform.now())


def test_an_account_is_one_person_at_each_sign_in(platform: Platform) -> None:
    first = signs_in(platform)
    again = signs_in(platform, Account(MINE.identity, "Amina B.", "a.benali@univ.example", is_administrator=True))
    assert again.id == first.id
    assert (again.name, again.email, again.is_administrator) == ("Amina B.", "a.benali@univ.example", True)


def test_the_same_address_from_another_provider_is_another_person(platform: Platform) -> None:
    other = Account(Identity("https://other.example", "amina"), "Amina", "amina@univ.example", is_administrator=False)
    assert signs_in(platform).id != signs_in(platform, other).id


def test_a_person_announced_is_a_member_at_the_first_sign_in(platform: Platform) -> None:
    report = announced(platform, "AMINA@univ.example,assistant,TD 1")
    assert (report.enrolled, report.invited) == (0, 1)
    assert role_of(platform, signs_in(platform)) is Role.ASSISTANT
    with platform.database.read() as connection:
        assert people.invitations(connection, COURSE) == []


def test_an_address_that_no_provider_vouches_for_claims_nothing(platform: Platform) -> None:
    announced(platform, "amina@univ.example,,")
    unverified = Account(MINE.identity, "Amina", "", is_administrator=False)
    assert role_of(platform, signs_in(platform, unverified)) is None


def test_an_announcement_never_takes_a_role_away(platform: Platform) -> None:
    person = signs_in(platform)
    with platform.database.begin() as connection:
        people.enrol(connection, person.id, COURSE, Role.TEACHER, source="form", now=platform.now())
    other = Account(MINE.identity, "Amina", "new@univ.example", is_administrator=False)
    announced(platform, "new@univ.example,student,")
    signs_in(platform, other)
    assert role_of(platform, person) is Role.TEACHER


def test_a_known_person_is_enrolled_at_once(platform: Platform) -> None:
    person = signs_in(platform)
    report = announced(platform, "amina@univ.example,,TD 2")
    assert (report.enrolled, report.invited) == (1, 0)
    assert role_of(platform, person) is Role.STUDENT


def test_two_persons_of_one_address_are_left_to_their_own_sign_in(platform: Platform) -> None:
    signs_in(platform)
    signs_in(platform, Account(Identity("https://other.example", "a"), "A", "amina@univ.example", is_administrator=False))
    assert announced(platform, "amina@univ.example,,").invited == 1


def test_a_membership_ends_by_itself(platform: Platform, clock: Clock, somebody: Callable[..., Person]) -> None:
    person = somebody()
    with platform.database.begin() as connection:
        until = START + timedelta(days=30)
        people.enrol(connection, person.id, COURSE, Role.ASSISTANT, source="form", now=START, until=until)
    assert role_of(platform, person) is Role.ASSISTANT
    clock.move(days=30)
    assert role_of(platform, person) is None


def test_a_link_makes_students_until_it_ends(platform: Platform, clock: Clock, somebody: Callable[..., Person]) -> None:
    amina, karim = somebody("Amina"), somebody("Karim", COURSE, Role.TEACHER)
    with platform.database.begin() as connection:
        link = people.make_join_link(connection, COURSE, platform.now())
        people.join(connection, amina, link, platform.now())
        people.join(connection, karim, link, platform.now())
    assert role_of(platform, amina) is Role.STUDENT
    assert role_of(platform, karim) is Role.TEACHER
    with platform.database.read() as connection:
        assert people.join_link(platform, connection, link.code) == link
    clock.move(days=31)
    with platform.database.read() as connection:
        assert people.join_link(platform, connection, link.code) is None


def test_a_new_link_ends_the_former(platform: Platform) -> None:
    with platform.database.begin() as connection:
        first = people.make_join_link(connection, COURSE, platform.now())
        second = people.make_join_link(connection, COURSE, platform.now())
        assert people.join_link(platform, connection, first.code) is None
        assert people.join_link_of(platform, connection, COURSE) == second
        people.end_join_links(connection, COURSE)
        assert people.join_link(platform, connection, second.code) is None


@pytest.mark.parametrize("right", list(Right))
def test_a_stranger_learns_nothing_and_a_member_which_right_is_missing(
    right: Right, platform: Platform, somebody: Callable[..., Person]
) -> None:
    stranger, student = somebody("Eve"), somebody("Amina", COURSE)
    elsewhere = somebody("Karim", "other-course", Role.TEACHER)
    administrator = somebody("Camille", is_administrator=True)
    with platform.database.read() as connection:

        def answer(person: Person, course: str) -> int:
            try:
                people.require(platform, connection, person, course, right)
            except Refusal as refusal:
                return refusal.status
            return 200

        assert answer(stranger, COURSE) == answer(stranger, "no-such-course") == 404
        assert answer(elsewhere, COURSE) == answer(administrator, COURSE) == 404
        assert answer(student, COURSE) == (200 if right in (Right.OPEN, Right.SUBMIT) else 403)


def test_numbers_of_persons_are_never_given_twice(platform: Platform, somebody: Callable[..., Person]) -> None:
    from hub_services.people import store

    first, second = somebody("A"), somebody("B")
    with platform.database.begin() as connection:
        store.erase(connection, second.id)
    assert len({first.number, second.number, somebody("C").number}) == 3


def test_what_is_held_of_a_person_is_exported_and_erased(platform: Platform) -> None:
    person = signs_in(platform)
    announced(platform, "amina@univ.example,,")
    with platform.database.begin() as connection:
        people.audit(platform, connection, person.id, "sign-in")
        held = people.export(connection, person.id)
        assert held["person"]["name"] == "Amina"
        assert len(held["identities"]) == len(held["memberships"]) == len(held["audit"]) == 1
    from hub_services.people.feature import FEATURE

    assert FEATURE.erase
    with platform.database.begin() as connection:
        FEATURE.erase(connection, person.id)
        held = people.export(connection, person.id)
    assert held["person"]["name"] == "–"
    assert held["identities"] == held["memberships"] == []
    assert signs_in(platform).id != person.id
