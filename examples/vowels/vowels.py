def count_vowels(text: str) -> int:
    """Count the vowels of a text, large ones and small ones.

    >>> count_vowels("hello")
    2
    >>> count_vowels("")
    0
    >>> count_vowels("Apfel und Orange")
    6
    >>> count_vowels("rhythm")
    0
    """
