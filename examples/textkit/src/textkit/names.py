"""Names of people, in any language."""


def initials(name: str) -> str:
    """Return the first character of each word, in upper case."""
    raise NotImplementedError
