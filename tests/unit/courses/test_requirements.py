"""A teacher's list of packages: what is understood, what is refused and how."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement

from hub_services.courses import requirements
from hub_services.web.i18n import translator


def refusals(text: str, language: str = "en") -> list[str]:
    return [problem.show(translator(language)) for problem in requirements.read(text).problems]


@pytest.mark.parametrize(
    ("line", "understood"),
    [
        ("numpy", "numpy"),
        ("numpy==1.26.4", "numpy==1.26.4"),
        ("  scipy >= 1.11 , < 2 # for the χ²", "scipy<2,>=1.11"),
        ("pandas[excel]~=2.2", "pandas[excel]~=2.2"),
        ('pywin32; sys_platform == "win32"', 'pywin32; sys_platform == "win32"'),
        ("matplotlib (>=3.8)", "matplotlib>=3.8"),
        ("\ttabulate", "tabulate"),
        ("scikit-learn \\\n  >=1.4", "scikit-learn>=1.4"),
        ("zope.interface", "zope.interface"),
    ],
)
def test_plain_requirements_are_understood(line: str, understood: str) -> None:
    read = requirements.read(line)
    assert read.problems == ()
    assert read.lines == (understood,)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("-r other.txt", "another file"),
        ("-r../../etc/passwd", "another file"),
        ("--requirement=/etc/passwd", "another file"),
        ("-c constraints.txt", "another file"),
        ("-e .", "folder cannot be installed"),
        ("--editable git+https://x.org/y", "folder cannot be installed"),
        ("--index-url https://evil.example/simple", "where packages come from"),
        ("--extra-index-url=https://evil.example", "where packages come from"),
        ("-i https://evil.example", "where packages come from"),
        ("-f .", "where packages come from"),
        ("--trusted-host x", "where packages come from"),
        ("--pre", "options are not taken"),
        ("numpy --no-binary :all:", "options are not taken"),
        ("numpy==1.26 --hash=sha256:00", "makes the hashes itself"),
        ("numpy==1.26 \\\n    --hash=sha256:00", "makes the hashes itself"),
        ("git+ssh://git@x.org/y.git", "not from an address"),
        ("git+https://github.com/a/b", "not from an address"),
        ("numpy @ file:///tmp/numpy.whl", "not from an address"),
        ("numpy@https://x.org/n.whl", "not from an address"),
        ("https://x.org/n.whl", "not from an address"),
        ("./local", "a file or a folder"),
        ("../up", "a file or a folder"),
        ("/etc/passwd", "a file or a folder"),
        ("~/mine", "a file or a folder"),
        ("C:\\course\\x.whl", "a file or a folder"),
        ("folder/thing", "a file or a folder"),
        ("numpy-1.0-py3-none-any.whl", "a file or a folder"),
        ("pip install numpy", "this is a command"),
        ("!pip install numpy", "this is a command"),
        ("%pip install numpy", "this is a command"),
        ("python3 -m pip install numpy", "this is a command"),
        ("conda install numpy", "this is a command"),
        ("numpy pandas", "one package on each line"),
        ("numpy, pandas", "one package on each line"),
        ("numpy=1.26", "numpy==1.26"),
        ("numpy=1.26.4=py311_0", "numpy==1.26.4"),
        ("python>=3.9", "Python itself"),
        ("python=3.11", "Python itself"),
        ("math", "comes with Python"),
        ("sqlite3", "comes with Python"),
        ("sklearn", "called scikit-learn"),
        ("PIL", "called pillow"),
        ("cv2", "called opencv-python-headless"),
        ("numpy≥2", "“≥”"),
        ("numpy\u00a0==1", "cannot stand here"),
        ("numpy==", "not understood"),
        ("numpy; os_name = 'posix'", "not understood"),
        ("[numpy]", "not understood"),
        ("$(id)", "not understood"),
        ("`id`", "not understood"),
        ("numpy; import os", "not understood"),
        ("numpy\\", None),
    ],
)
def test_everything_else_is_refused_in_a_sentence(line: str, says: str | None) -> None:
    found = refusals(f"# first\n{line}\npandas")
    if says is None:
        assert requirements.read(line).lines == ("numpy",)
        return
    assert len(found) == 1
    assert says in found[0]
    assert found[0].startswith("Line 2,")
    french = refusals(f"# first\n{line}\npandas", "fr")
    assert french != found
    assert french[0].startswith("Ligne 2,")


def test_problems_are_told_all_at_once() -> None:
    assert len(refusals("-r a\nnumpy\nmath\n./x")) == 3


@pytest.mark.parametrize(
    "content",
    [
        b"numpy\npandas\n",
        b"numpy\r\npandas\r\n",
        b"numpy\rpandas",
        b"\xef\xbb\xbfnumpy\r\npandas",
        "numpy\npandas".encode("utf-16"),
        "\ufeffnumpy\r\npandas\r\n".encode("utf-16-be"),
        "numpy # été\npandas".encode("cp1252"),
        b"numpy\n\n\n# pandas\npandas\npandas\n",
    ],
)
def test_files_are_read_as_any_editor_saves_them(content: bytes) -> None:
    read = requirements.read(requirements.decode(content))
    assert read.problems == ()
    assert read.names == ("numpy", "pandas")


@pytest.mark.parametrize("text", ["\0\1\2", "numpy\n" * 401, "n" * 70_000])
def test_what_is_no_list_is_refused_whole(text: str) -> None:
    assert len(refusals(text)) == 1


@given(st.text(max_size=200))
def test_whatever_is_typed_only_plain_requirements_pass(text: str) -> None:
    for line in requirements.read(text).lines:
        found = Requirement(line)
        assert found.url is None
        assert not line.startswith(("-", "/", "."))


@pytest.mark.parametrize(
    ("name", "meant"), [("pandaz", "pandas"), ("nunpy", "numpy"), ("matplolib", "matplotlib"), ("reqeusts", "requests")]
)
def test_a_name_one_letter_from_a_known_one_is_noticed(name: str, meant: str) -> None:
    assert requirements.squats((name, meant)) == {name: meant}


def test_an_ordinary_name_is_not_suspected() -> None:
    assert requirements.squats(("polars", "ipykernel", "torch", "plotly")) == {}
