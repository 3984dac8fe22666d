"""Read the settings: file, then arguments; a wrong key is refused with its line and the nearest valid name."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError

from hub_config.settings.model import Settings


class SettingsError(Exception):
    """The settings cannot be used; the text says which key, on which line, and what to write instead."""


def load(path: Path | None, **overrides: Any) -> Settings:
    """Read `path` (YAML), lay `overrides` (top-level fields) over it, and validate. Raises SettingsError."""
    text = _read(path) if path else ""
    try:
        root = yaml.compose(text)
        data = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise SettingsError(f"{path}: this is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(data, dict):
        raise SettingsError(f"{path}: expected a mapping of settings at the top")
    try:
        return Settings.model_validate(_merge(data, overrides))
    except ValidationError as error:
        raise SettingsError("\n".join(_explain(path, root, e) for e in error.errors())) from error


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}") from error


def _merge(data: dict[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(data)
    for key, value in overrides.items():
        base = merged.get(key)
        merged[key] = _merge(base, value) if isinstance(base, dict) and isinstance(value, dict) else value
    return merged


def _explain(path: Path | None, root: yaml.Node | None, error: Any) -> str:
    location = error["loc"]
    dotted = ".".join(str(part) for part in location)
    line = _line(root, location)
    where = f"{path or 'settings'}{f', line {line}' if line else ''}: {dotted}"
    if error["type"] != "extra_forbidden":
        return f"{where}: {error['msg']}"
    near = difflib.get_close_matches(str(location[-1]), _keys(Settings, location[:-1]), n=1, cutoff=0.5)
    hint = f"did you mean `{near[0]}`?" if near else "the settings reference lists the valid keys."
    return f"{where}: no such setting; {hint}"


def _keys(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """Valid keys of the section at `location`."""
    for part in location:
        if isinstance(part, str):
            found = _section(model.model_fields[part].annotation)
            if found is None:
                return []
            model = found
    return list(model.model_fields)


def _section(annotation: Any) -> type[BaseModel] | None:
    candidates = (annotation, *get_args(annotation))
    return next((c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel)), None)


def _line(node: yaml.Node | None, location: tuple[int | str, ...]) -> int | None:
    """The line of the deepest part of `location` that the file holds, counted from 1."""
    line = None
    for part in location:
        if isinstance(node, yaml.MappingNode):
            pair = next((p for p in node.value if p[0].value == part), None)
            if pair is None:
                return line
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line
