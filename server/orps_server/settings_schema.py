"""The settings as a JSON schema and as a table; nothing is written down twice."""

import json
from collections.abc import Mapping
from typing import Literal, get_args, get_origin

from orps_server.setting_fields import Amounts, Leaf, leaves, without_none
from orps_server.settings import Settings

_JSON_TYPES: dict[object, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    tuple: "array",
    Mapping: "object",
}


def settings_schema() -> dict[str, object]:
    """JSON schema with dotted keys, as VS Code's `contributes.configuration` has it."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "orps",
        "type": "object",
        "additionalProperties": False,
        "properties": setting_properties(),
    }


def setting_properties() -> dict[str, dict[str, object]]:
    """One JSON schema for each setting, by dotted name."""
    return {leaf.name: _property(leaf) for leaf in leaves(Settings(), "orps")}


def settings_table() -> str:
    """The table of docs/settings.md."""
    rows = [
        "| setting | default | what it does | in `pyproject.toml` |",
        "|---|---|---|---|",
    ]
    for leaf in leaves(Settings(), "orps"):
        may = "yes" if leaf.about.in_repository else "no"
        may = "to lower it" if leaf.about.ceiling else may
        rows.append(
            f"| `{leaf.name}` | `{_default_words(leaf)}` "
            f"| {leaf.about.description} | {may} |"
        )
    return "\n".join(rows) + "\n"


def _property(leaf: Leaf) -> dict[str, object]:
    kind = without_none(leaf.type)
    schema: dict[str, object] = {}
    if get_origin(kind) is Literal:
        schema |= {"type": "string", "enum": list(get_args(kind))}
    else:
        name = _JSON_TYPES[get_origin(kind) or kind]
        schema["type"] = name if kind is leaf.type else [name, "null"]
        if name == "array":
            schema["items"] = {"type": "string"}
        elif name == "object":
            schema["additionalProperties"] = (
                {"type": "object", "additionalProperties": {"type": "number"}}
                if kind == Amounts
                else {"type": "string"}
            )
    if leaf.about.minimum is not None:
        schema["minimum"] = leaf.about.minimum
    if leaf.about.maximum is not None:
        schema["maximum"] = leaf.about.maximum
    return schema | {
        "default": leaf.default,
        "scope": leaf.about.scope.value,
        "markdownDescription": leaf.about.description,
    }


def _default_words(leaf: Leaf) -> str:
    if isinstance(leaf.default, float):
        return f"{leaf.default:g}"
    return json.dumps(leaf.default)
