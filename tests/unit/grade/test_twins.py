"""Made-wrong twins: one place changed, all else letter for letter; never equal to what they were."""

import ast
import random
import string

import pytest
from himalia_grade.twins import every_twin, other, touches_files, twins
from hypothesis import given
from hypothesis import strategies as st


def dice_of(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311


PLACES = {
    "assert f(2) == 4": ["assert f(2) == 5"],
    "assert 4 == f(2)": ["assert 5 == f(2)"],
    "assert f() == 'é'": ["assert f() == 'ê'"],
    "assert f() == expected": ["assert f() == ((expected), 0)"],
    "assert f() == [1, 2]": ["assert f() == [1, 3]"],
    "assert f() == {}": ["assert f() == {0: 0}"],
    "assert f() == None": ["assert f() == 0"],
    "assert f() is None": ["assert (not (f() is None))"],
    "assert abs(f() - 1) < 1e-6": ["assert (not (abs(f() - 1) < 1e-6))"],
    "assert ok(), 'say 3 == 3'": ["assert (not (ok())), 'say 3 == 3'"],
    "assert_equal(f(1), 2)": ["assert_equal(f(1), 3)"],
    "np.testing.assert_allclose(f(), [0.5])": ["np.testing.assert_allclose(f(), [1.5])"],
    "self.assertTrue(f())": ["self.assertTrue((not (f())))"],
    "with pytest.raises(ValueError):\n    f(0)": ['with pytest.raises(type("AssertionFailed", (Exception,), {})):\n    f(0)'],
    "try:\n    f(0)\nexcept ValueError:\n    pass\nelse:\n    raise AssertionError": [
        'try:\n    f(0)\nexcept type("AssertionFailed", (Exception,), {}):\n    pass\nelse:\n    raise AssertionError'
    ],
    "if f() != 3:\n    raise AssertionError": ["if (not (f() != 3)):\n    raise AssertionError"],
    "# a test\nassert a == 1  # one\n\n\nassert b == 2": [
        "# a test\nassert a == 2  # one\n\n\nassert b == 2",
        "# a test\nassert a == 1  # one\n\n\nassert b == 3",
    ],
    "print('nothing')": [],
    "%%time\nassert f() == 1": [],
}


@pytest.mark.parametrize("source", PLACES)
def test_each_place_is_made_wrong(source: str) -> None:
    assert list(every_twin(source)) == PLACES[source]


def test_where_no_place_is_found_the_end_fails() -> None:
    assert twins("print('nothing')\n", dice_of(0)).codes == ("print('nothing')\nassert 1 == 2",)


def test_the_dice_decide_and_the_same_seed_decides_the_same() -> None:
    source = "\n".join(f"assert f({n}) == {n}" for n in range(20))
    drawn = {twins(source, dice_of(seed)).codes for seed in range(30)}
    assert len(drawn) > 5
    assert twins(source, dice_of(7)) == twins(source, dice_of(7))


def test_twins_that_tell_nothing_are_not_taken() -> None:
    source = "assert f(1) == 1\nassert f(2) == 2"
    vacuous = frozenset(every_twin(source)[:1])
    assert all(twins(source, dice_of(seed), vacuous=vacuous).codes == every_twin(source)[1:] for seed in range(10))


def test_as_many_as_are_asked_for() -> None:
    assert len(twins("assert f() == 1", dice_of(0), number=5).codes) == 5


@pytest.mark.parametrize("source", ["open('x')", "os.remove('x')", "!ls", "df.to_csv('x')"])
def test_what_touches_files_is_told(source: str) -> None:
    assert touches_files(source)
    assert not touches_files("assert f() == 1")


LITERALS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(string.printable) | st.binary(),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(string.ascii_letters), inner),
)


@given(LITERALS)
def test_another_value_is_another_value(value: object) -> None:
    assert other(value) != value
    assert other(value) == other(value)
    assert ast.literal_eval(repr(other(value)).replace("inf", "1e999")) == other(value)


@given(st.text())
def test_no_text_is_too_odd(source: str) -> None:
    for twin in every_twin(source):
        assert twin != source
