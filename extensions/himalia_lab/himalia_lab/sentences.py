"""The few sentences of the page that is shown when an assignment cannot be opened, in the person's language."""

_FRENCH = {
    "Cannot open {name}": "Impossible d'ouvrir {name}",
    "Try again": "Réessayer",
    "Open JupyterLab without it": "Ouvrir JupyterLab sans ce devoir",
    "This assignment holds no notebook.": "Ce devoir ne contient aucun notebook.",
    "The exchange cannot be reached.": "La plateforme ne répond pas.",
    "Your files are as they were. Please try again in a minute.": ("Vos fichiers n'ont pas changé. Réessayez dans une minute."),
}


def said(sentence: str, language: str, **names: str) -> str:
    """The sentence in French where the language is French, in English elsewhere."""
    french = language.lower().startswith("fr")
    return (_FRENCH.get(sentence, sentence) if french else sentence).format(**names)
