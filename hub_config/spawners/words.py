"""What people read while their server starts, or when it does not."""

from types import MappingProxyType

# Each stage: how far along it is, and its sentence.
STAGES = MappingProxyType(
    {
        "membership": (5, {"fr": "Votre inscription au cours est vérifiée.", "en": "Your place in the course is being checked."}),
        "folder": (20, {"fr": "Votre dossier est préparé.", "en": "Your folder is being prepared."}),
        "environment": (35, {"fr": "L'environnement du cours est ouvert.", "en": "The course's environment is being opened."}),
        "server": (50, {"fr": "JupyterLab démarre : quelques secondes.", "en": "JupyterLab is starting: a few seconds."}),
    }
)
REFUSALS = MappingProxyType(
    {
        "unavailable": {
            "fr": "La plateforme ne répond pas : votre espace de travail n'est pas ouvert. Réessayez dans une minute.",
            "en": "The platform does not answer, so your workspace was not opened. Try again in a minute.",
        },
        "environment": {
            "fr": "L'environnement de ce cours n'est pas sur cette machine. Votre enseignant·e peut le reconstruire.",
            "en": "This course's environment is not on this machine. Your teacher can build it again.",
        },
        "ended": {
            "fr": "JupyterLab s'est arrêté pendant son démarrage. Vos fichiers sont intacts ; réessayez une fois.",
            "en": "JupyterLab ended while it was starting. Your files are untouched; try once more.",
        },
        "memory": {
            "fr": "La mémoire de votre espace de travail n'a pas suffi à ouvrir JupyterLab. Prévenez votre enseignant·e.",
            "en": "Your workspace had too little memory to open JupyterLab. Tell your teacher.",
        },
        "machine": {
            "fr": "Votre espace de travail ne s'ouvre pas : {reason} Vos fichiers sont intacts ; prévenez la plateforme.",
            "en": "Your workspace does not open: {reason} Your files are untouched; tell those who run the platform.",
        },
    }
)


def stage(name: str, language: str) -> dict[str, str | int]:
    """The event of a stage, as the hub's progress stream carries it."""
    progress, sentences = STAGES[name]
    return {"progress": progress, "message": sentences[language], "stage": name}


def refusal(name: str, language: str, **values: str) -> str:
    return REFUSALS[name][language].format(**values)
