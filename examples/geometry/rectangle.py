class Rectangle:
    """An upright rectangle."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height

    @property
    def area(self) -> int:
        """The area inside."""
        ...

    def fits_into(self, other_width: int, other_height: int) -> bool:
        """Whether the rectangle fits, without turning it."""
        ...
