"""Packages that courses use most: to guess what a misspelt name meant; a hint, never a rule."""

import difflib
from functools import cache
from pathlib import Path

from packaging.utils import canonicalize_name

_LIST = Path(__file__).with_name("known_packages.txt")
# What people import is not always what they install.
_PACKAGE_OF_MODULE = {
    "bio": "biopython",
    "bs4": "beautifulsoup4",
    "community": "python-louvain",
    "cv2": "opencv-python-headless",
    "dateutil": "python-dateutil",
    "docx": "python-docx",
    "fitz": "pymupdf",
    "mpl-toolkits": "matplotlib",
    "pil": "pillow",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "umap": "umap-learn",
    "yaml": "pyyaml",
}


@cache
def known() -> frozenset[str]:
    """The names of the list."""
    return frozenset(_LIST.read_text(encoding="utf-8").split())


def package_of_module(name: str) -> str:
    """The package that brings the module `name`, where the two differ; empty for any other name."""
    return _PACKAGE_OF_MODULE.get(canonicalize_name(name), "")


def nearest(name: str, *, strictly: bool = False) -> list[str]:
    """Up to three known names close to `name`, best first; `strictly`: one letter apart, and `name` itself unknown."""
    plain = canonicalize_name(name)
    if not strictly:
        return difflib.get_close_matches(plain, sorted(known()), n=3, cutoff=0.7)
    if plain in known() or len(plain) < 5:
        return []
    return [near for near in difflib.get_close_matches(plain, sorted(known()), n=3, cutoff=0.8) if _one_letter(plain, near)]


def _one_letter(one: str, other: str) -> bool:
    """Whether one letter was added, lost, changed, or two neighbours were swapped."""
    longer, shorter = sorted((one, other), key=len, reverse=True)
    if len(longer) - len(shorter) == 1:
        return any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))
    differing = [i for i, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b]
    if len(longer) != len(shorter) or len(differing) > 2:
        return False
    if len(differing) < 2:
        return len(differing) == 1
    first, second = differing
    return second == first + 1 and longer[first] == shorter[second] and longer[second] == shorter[first]
