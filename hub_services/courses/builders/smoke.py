"""Import the modules of packages, one by one; runs inside a new environment, with its Python and nothing of ours.

`smoke.py PACKAGE …` prints a JSON line `[package, module, error]` for each package of which no module can be imported.
"""

import importlib
import json
import sys
import warnings
from importlib.metadata import Distribution, PackageNotFoundError, distribution

# Pins of its own parts may leave a kernel that can be imported and not be started.
_KERNEL, _KERNEL_STARTS = "ipykernel", "ipykernel.kernelapp"
_BESIDE = {"test", "tests", "docs", "doc", "examples", "example", "benchmarks", "conftest", "setup"}


def main(names: list[str]) -> int:
    """Try each package."""
    warnings.simplefilter("ignore")
    for name in names:
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue  # its marker says that it is not for this machine
        failures = [(module, _why(module)) for module in modules_of(found)]
        if failures and all(why for _, why in failures):
            sys.stdout.write(json.dumps([name, *failures[0]]) + "\n")
        elif name == _KERNEL and (why := _why(_KERNEL_STARTS)):
            sys.stdout.write(json.dumps([name, _KERNEL_STARTS, why]) + "\n")
    return 0


def modules_of(found: Distribution) -> list[str]:
    """What a package brings to import at the top, the module of its own name first."""
    named = (found.read_text("top_level.txt") or "").split()
    files = [path.parts for path in found.files or () if path.suffix == ".py"]
    seen = named or [parts[0].removesuffix(".py") for parts in files if len(parts) <= 2]
    own = found.name.lower().replace("-", "_")
    usable = {name for name in seen if name.isidentifier() and not name.startswith("_") and name not in _BESIDE}
    return sorted(usable, key=lambda name: (name.lower() != own, name))


def _why(module: str) -> str:
    """Why `module` cannot be imported; empty if it can."""
    try:
        importlib.import_module(module)
    except BaseException as error:  # a package may even end the program
        return f"{type(error).__name__}: {error}"
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
