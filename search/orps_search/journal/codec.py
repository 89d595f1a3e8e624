"""Records as JSON, one object each, and back.

A record carries the version of this format. Fields with defaults may be added within
a version; anything else makes a new one.
"""

import json
from collections.abc import Callable
from typing import Any, cast

import cattrs
from cattrs.gen import make_dict_structure_fn
from cattrs.strategies import configure_tagged_union

from orps_search.journal.entries import Answer, Entry, Record

VERSION = 1


class JournalFault(Exception):
    """A journal cannot be read, or does not fit; the message is for people."""


def encode(record: Record, clean: Callable[[str], str] = str) -> str:
    """One line of JSON, each text in it as `clean` leaves it."""
    value = {"v": VERSION, **_CONVERTER.unstructure(record, Record)}
    if clean is not str:
        value = cleaned(value, clean)
    # Only ASCII: a candidate may hold half of a surrogate pair, which no file can.
    return json.dumps(value, separators=(",", ":"))


def decode(text: str) -> Record:
    """Raise `JournalFault` for what is no record of this version."""
    try:
        value = json.loads(text)
        version = value["v"]
    except (ValueError, TypeError, KeyError) as error:
        raise JournalFault(f"this is no record of a search: {error}") from error
    if version != VERSION:
        raise JournalFault(
            f"the record is of version {version}, and this orps-lsp reads {VERSION}"
        )
    try:
        return _CONVERTER.structure(value, Record)
    except (cattrs.BaseValidationError, ValueError, TypeError, KeyError) as error:
        raise JournalFault(f"the record cannot be read: {error!r}") from error


def cleaned(value: object, clean: Callable[[str], str]) -> object:
    """A JSON value with each text, but no key, as `clean` leaves it."""
    match value:
        case str():
            return clean(value)
        case dict():
            fields = cast("dict[str, object]", value)
            return {key: cleaned(each, clean) for key, each in fields.items()}
        case list():
            return [cleaned(each, clean) for each in cast("list[object]", value)]
        case _:
            return value


def _kind(cls: type[Any]) -> str:
    """`ToldCritique` is `toldCritique`."""
    name = cls.__name__
    return name[0].lower() + name[1:]


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(detailed_validation=False)
    configure_tagged_union(Answer, converter, tag_name="kind", tag_generator=_kind)
    configure_tagged_union(Entry, converter, tag_name="kind", tag_generator=_kind)
    # Built by hand, since the version is a key that no field has.
    structure = make_dict_structure_fn(Record, converter)
    converter.register_structure_hook(Record, structure)
    return converter


_CONVERTER = _converter()
