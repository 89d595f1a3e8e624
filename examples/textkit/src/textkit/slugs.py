"""Titles in addresses."""


def slugify(title: str) -> str:
    """Return the words of a title in lower case, joined by hyphens."""
    # TODO: needed for the next release
    pass
