"""The search view as one page that needs nothing but a browser.

The page is built from `extension/view` and committed, so that installing orps-lsp needs
no Node; it is the same one that the VS Code extension shows.
"""

import json
from collections.abc import Mapping
from importlib.resources import files

_PLACE = "__DOCUMENT__"


def search_page(document: Mapping[str, object]) -> str:
    """The page that draws `document`, a search document (docs/search-document.md)."""
    template = (
        files("orps_server").joinpath("assets", "search_view.html").read_text("utf-8")
    )
    return template.replace(_PLACE, _embedded(document), 1)


def _embedded(document: Mapping[str, object]) -> str:
    """As JSON in a script element, which ends at the first `</script` in its text."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return (
        text.replace("<", "\\u003c")
        # Ends a line in the eyes of old engines, though not in JSON's.
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )
