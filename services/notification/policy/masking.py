"""An address as those see it who only need to know that there is one."""

SHOWN = 2


def masked(address: str) -> str:
    """The first and last two characters at most, and no more than a third of it."""
    shown = min(SHOWN, len(address) // 6)
    return f"{address[:shown]}***{address[len(address) - shown :]}"
