"""What names an environment, and sentences that wait in a job."""

from hub_services.courses.locks import digest_of, packages_of
from hub_services.courses.sentences import Sentence, pack, unpack
from hub_services.web.i18n import translator

LOCK = """\
contourpy==1.3.3 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via matplotlib
numpy==1.26.4 \\
    --hash=sha256:cc
    # via
    #   -r -
    #   contourpy
"""


def test_who_asked_for_a_package_does_not_name_the_environment() -> None:
    other = LOCK.replace("# via matplotlib", "# via seaborn")
    assert digest_of(LOCK, "base") == digest_of(other, "base")


def test_content_and_base_do() -> None:
    digests = {
        digest_of(LOCK, "base"),
        digest_of(LOCK, "other base"),
        digest_of(LOCK.replace("sha256:cc", "sha256:dd"), "base"),
        digest_of(LOCK.replace("1.26.4", "1.26.5"), "base"),
    }
    assert len(digests) == 4


def test_packages_are_read_from_the_lock() -> None:
    assert packages_of(LOCK) == {"contourpy": "1.3.3", "numpy": "1.26.4"}


def test_sentences_wait_in_a_job_for_their_reader() -> None:
    said = (Sentence("No package is called %(name)s. Check the spelling.", {"name": "x"}),)
    assert unpack(pack(said)) == said
    assert said[0].show(translator("fr")) == "Aucun paquet ne s’appelle x. Vérifiez l’orthographe."


def test_a_fault_of_the_platform_is_told_as_one() -> None:
    for text in ("fault", "stopped 3 times without an end", "{}", "[1]"):
        found = unpack(text)
        assert len(found) <= 1
        assert all("by no fault of yours" in sentence.text for sentence in found)
    assert unpack("") == ()
