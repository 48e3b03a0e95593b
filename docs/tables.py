"""Writes the tables that README.md takes from the code: `make docs`."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from datastore.access_pattern_table import render_access_patterns, render_table
from settings import Settings, variable

README = Path(__file__).parents[1] / "README.md"


def main() -> None:
    README.write_text(fill(README.read_text(encoding="utf-8"), tables()), encoding="utf-8")


def tables() -> Mapping[str, str]:
    """Marker -> the table that stands behind it."""
    return {"access-patterns": render_access_patterns(), "settings": render_settings()}


def render_settings() -> str:
    """Variable, default, meaning; one line a setting, in the order of the code."""
    rows = [[f"`{variable(name)}`", _default(field), field.description or ""] for name, field in _fields()]
    return render_table(("variable", "default", "meaning"), rows)


def fill(text: str, parts: Mapping[str, str]) -> str:
    """The text with each part between its markers, <!-- name --> and <!-- /name -->. Raises ValueError without them."""
    for name, part in parts.items():
        between = re.compile(rf"<!-- {name} -->\n.*?<!-- /{name} -->", re.DOTALL)
        if len(between.findall(text)) != 1:
            raise ValueError(f"README.md needs <!-- {name} --> and <!-- /{name} --> once each, on lines of their own")
        before, after = between.split(text)
        text = f"{before}<!-- {name} -->\n{part}\n<!-- /{name} -->{after}"
    return text


def _fields() -> list[tuple[str, FieldInfo]]:
    return list(Settings.model_fields.items())


def _default(field: FieldInfo) -> str:
    value: Any = field.get_default()
    match value:
        case None | ():
            return "none"
        case bool():
            return f"`{str(value).lower()}`"
        case tuple():
            return f"`{','.join(value)}`"
    return f"`{value}`"


if __name__ == "__main__":
    main()
