"""What strangers wrote, as a person may see it: in a log, a terminal, the UI. Not here: cleaning a text to read it."""


def printable(text: str) -> str:
    r"""``text`` on one line, with what a terminal or a log would obey escaped (``\x1b``, ``\n``, ``\u202e``)."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def storable(text: str) -> str:
    """``text`` as a database can hold it: of a file name that is not UTF-8, the odd bytes are escaped."""
    return text.encode(errors="backslashreplace").decode()
