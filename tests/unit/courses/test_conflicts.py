"""Why a list cannot be installed: uv's own messages, kept as it wrote them, and what a teacher reads."""

import pytest

from hub_services.courses.conflicts import explain
from hub_services.web.i18n import translator

CLASH = """\
error: No solution found when resolving dependencies
  cause: Because pandas==2.2.2 depends on numpy{python_full_version < '3.12'}>=1.23.2 and you require pandas==2.2.2, we can \
conclude that you require numpy>=1.23.2.
         And because you require numpy<1.20, we can conclude that your requirements are unsatisfiable.
"""
THREE = """\
error: No solution found when resolving dependencies
  cause: Because scipy==1.10.0 depends on numpy>=1.19.5,<1.27.0 and you require numpy==2.0.0, we can conclude that your \
requirements and scipy==1.10.0 are incompatible.
         And because you require scipy==1.10.0, we can conclude that your requirements are unsatisfiable.
"""
NEITHER_IN_LIST = """\
error: No solution found when resolving dependencies
  cause: Because aaa==1.0 depends on shared<2 and bbb==3.1 depends on shared>=2, we can conclude that aaa==1.0 and bbb==3.1 are \
incompatible.
         And because you require aaa and you require bbb, we can conclude that your requirements are unsatisfiable.
"""
ONE_OF = """\
error: No solution found when resolving dependencies
  cause: Because fastapi==0.90.0 depends on one of:
             pydantic>=1.6.2,<1.7
             pydantic>1.7,<1.7.1
             pydantic>1.8.1,<2.0.0
         and you require fastapi==0.90, we can conclude that you require one of:
             pydantic>=1.6.2,<1.7
             pydantic>1.8.1,<2.0.0
         And because you require pydantic==2.7, we can conclude that your requirements are unsatisfiable.
"""
UNKNOWN = """\
error: No solution found when resolving dependencies
  cause: Because numppy was not found in the package registry and you require numppy, we can conclude that your requirements \
are unsatisfiable.
"""
NO_VERSION = """\
error: No solution found when resolving dependencies
  cause: Because there is no version of numpy==99 and you require numpy==99, we can conclude that your requirements are \
unsatisfiable.
"""
OTHER_PYTHON = """\
error: No solution found when resolving dependencies
  cause: Because tensorflow==1.15.0 has no wheels with a matching Python ABI tag (e.g., `cp311`) and you require \
tensorflow==1.15, we can conclude that your requirements are unsatisfiable.

hint: You require CPython 3.11 (`cp311`), but we only found wheels for `tensorflow` (v1.15.0) with the following Python ABI \
tags: `cp27m`, `cp27mu`, `cp35m`, `cp36m`, `cp37m`
"""
SOURCE_ONLY = """\
error: No solution found when resolving dependencies
  cause: Because all versions of docopt have no usable wheels and you require docopt, we can conclude that your requirements \
are unsatisfiable.

hint: Wheels are required for `docopt` because building from source is disabled for all packages (i.e., with `--no-build`)
"""
TWICE = """\
error: No solution found when resolving dependencies
  cause: Because you require numpy>=2 and numpy<1, we can conclude that your requirements are unsatisfiable.
"""
NEEDS_PYTHON = """\
error: No solution found when resolving dependencies
  cause: Because the current Python version (3.11.2) does not satisfy Python>=3.12 and numpy==2.5.0 depends on Python>=3.12, we \
can conclude that numpy==2.5.0 cannot be used.
         And because you require numpy==2.5.0, we can conclude that your requirements are unsatisfiable.
"""
NETWORK = """\
error: Request failed after 3 retries in 6.8s
  cause: Failed to fetch: https://pypi.org/simple/ipykernel/
  cause: error sending request for url (https://pypi.org/simple/ipykernel/)
"""


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        (
            CLASH,
            [
                "Two packages of your list cannot go together, because they need different versions of numpy:",
                "– pandas==2.2.2 asks for numpy>=1.23.2",
                "– your list asks for numpy<1.20",
                "– your list asks for pandas==2.2.2",
                "Take the version off one of these lines, or remove one of them, and build again.",
            ],
        ),
        (
            THREE,
            [
                "Two packages of your list cannot go together, because they need different versions of numpy:",
                "– scipy==1.10.0 asks for numpy>=1.19.5,<1.27.0",
                "– your list asks for numpy==2.0.0",
                "– your list asks for scipy==1.10.0",
                "Take the version off one of these lines, or remove one of them, and build again.",
            ],
        ),
        (
            NEITHER_IN_LIST,
            [
                "Two packages of your list cannot go together, because they need different versions of shared:",
                "– aaa==1.0 asks for shared<2",
                "– bbb==3.1 asks for shared>=2",
                "Take the version off one of these lines, or remove one of them, and build again.",
            ],
        ),
        (
            ONE_OF,
            [
                "Two packages of your list cannot go together, because they need different versions of pydantic:",
                "– fastapi==0.90.0 asks for pydantic>=1.6.2,<2.0.0",
                "– your list asks for pydantic==2.7",
                "– your list asks for fastapi==0.90",
                "Take the version off one of these lines, or remove one of them, and build again.",
            ],
        ),
        (UNKNOWN, ["No package is called numppy. Did you mean numpy?"]),
        (
            NO_VERSION,
            ["numpy exists, but not in the version asked for (==99). Take the version off to get the newest one."],
        ),
        (
            OTHER_PYTHON,
            [
                "tensorflow 1.15.0 has no ready-made package for this site’s Python 3.11.2, only for Python 2.7, 3.5, 3.6, 3.7. "
                "Ask for a newer version."
            ],
        ),
        (
            SOURCE_ONLY,
            [
                "docopt has no ready-made package for this site’s Python 3.11.2, and source code is not run while building. "
                "Ask for another version, or another package."
            ],
        ),
        (
            OTHER_PYTHON.replace("`cp27m`, `cp27mu`, `cp35m`, `cp36m`, `cp37m`", "`cp312`, `cp313`, `cp314t`"),
            [
                "tensorflow 1.15.0 has no ready-made package for this site’s Python 3.11.2, only for Python 3.12, 3.13, 3.14. "
                "Ask for an older version."
            ],
        ),
        (TWICE, ["Your list asks for numpy>=2 and for numpy<1: no version is both. Keep one of the two."]),
        (NEEDS_PYTHON, ["numpy==2.5.0 needs Python >=3.12; this site’s is 3.11.2. Ask for an older version."]),
        (
            NETWORK,
            ["The package index does not answer. Your environment in service is unchanged; try again in a few minutes."],
        ),
        (
            NETWORK.replace(
                "https://pypi.org/simple/ipykernel/)",
                "https://files.other.example/x)\n  cause: SOCKS error: connection not allowed",
            ),
            [
                "The package index sends its files from another place (files.other.example), which builds may not reach. "
                "Your administrator can add it: environments.files_hosts."
            ],
        ),
        ("error: something new\n  cause: of course", ["The installer said: something new cause: of course"]),
    ],
)
def test_each_message_becomes_plain_sentences(said: str, lines: list[str]) -> None:
    found = explain(said, "3.11.2")
    assert [sentence.show(translator("en")) for sentence in found] == lines
    french = [sentence.show(translator("fr")) for sentence in found]
    assert all(one != other for one, other in zip(french, lines, strict=True))


def test_a_name_like_no_other_has_no_hint() -> None:
    said = UNKNOWN.replace("numppy", "zzyzx-quux")
    assert [s.show(translator("en")) for s in explain(said, "3.11.2")] == ["No package is called zzyzx-quux. Check the spelling."]
