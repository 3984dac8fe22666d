"""How a command says that it cannot go on."""


class CannotProceed(Exception):
    """The text is one sentence for the person at the keyboard: what happened, what to do. Shown without a traceback."""
