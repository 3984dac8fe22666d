"""Stages and refusals exist in both languages."""

from hub_config.spawners import words


def test_every_sentence_exists_in_both_languages() -> None:
    sentences = [*(texts for _, texts in words.STAGES.values()), *words.REFUSALS.values()]
    assert all(set(texts) == {"fr", "en"} and all(texts.values()) for texts in sentences)


def test_stages_advance() -> None:
    progress = [share for share, _ in words.STAGES.values()]
    assert progress == sorted(progress)
    assert words.stage("server", "en") == {
        "progress": 50,
        "message": "JupyterLab is starting: a few seconds.",
        "stage": "server",
    }


def test_a_refusal_carries_its_reason() -> None:
    assert "no room." in words.refusal("machine", "en", reason="no room.")
