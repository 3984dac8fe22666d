"""French prose keeps its signs beside their words; code and formulas are left as they are."""

import pytest

from hub_cli.demo.typography import unbroken


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("c'est combien ? Là :", "c'est combien\u202f? Là\u00a0:"),
        ("« oui » ; non !", "«\u00a0oui\u00a0»\u202f; non\u202f!"),
        ("30 m² : 1 300 €", "30\u00a0m²\u00a0: 1\u202f300\u00a0€"),
        ("a 90 % interval: five words", "a 90\u00a0% interval: five words"),
        ("écrivez `x : y ; z` ici", "écrivez `x : y ; z` ici"),
        ("$$a : b ; c$$ et $n ! : 2$", "$$a : b ; c$$ et $n ! : 2$"),
        ("| partie | points |\n|---|---|", "| partie | points |\n|---|---|"),
        ("- un\n- deux", "- un\n- deux"),
    ],
)
def test_spaces_that_must_not_break(typed: str, set_: str) -> None:
    assert unbroken(typed) == set_
