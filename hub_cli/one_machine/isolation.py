"""Whether student code can be kept apart on this machine; without that nothing starts, unless it was asked for loudly."""

from himalia_sandbox import detect

from hub_cli.failure import CannotProceed

LOUD = """
  ISOLATION IS OFF (isolation.mode: none). Code in notebooks runs with the platform's own rights and reads everyone's
  files. This is for one trusted person on their own machine, never for students.
"""


def require_isolation(mode: str) -> None:
    """Raises CannotProceed where bubblewrap is wanted and missing; says loudly that isolation is off."""
    if mode == "none":
        print(LOUD, flush=True)
    elif not detect().bubblewrap:
        raise CannotProceed(
            f"students' code cannot be kept apart on this machine, because bubblewrap cannot be used: {detect().reason}; "
            "put that right, or write `isolation: {mode: none}` in the settings for one trusted person alone."
        )
