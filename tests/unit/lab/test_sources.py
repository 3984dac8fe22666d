"""Two authors of one source: who is ahead."""

import pytest
from himalia_lab.sources import Standing, standing


@pytest.mark.parametrize(
    ("ours", "theirs", "synced", "expected"),
    [
        ("a", "a", None, Standing.SAME),
        ("a", "a", "old", Standing.SAME),
        ("a", None, None, Standing.OURS_AHEAD),
        ("a", "old", "old", Standing.OURS_AHEAD),
        ("old", "b", "old", Standing.THEIRS_AHEAD),
        ("a", "b", "old", Standing.BOTH),
        ("a", "b", None, Standing.BOTH),
    ],
)
def test_who_is_ahead(ours: str, theirs: str | None, synced: str | None, expected: Standing) -> None:
    assert standing(ours, theirs, synced) is expected
