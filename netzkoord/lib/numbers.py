"""Numbers as German readers expect them."""

NO_BREAK_SPACE = "\u00a0"


def decimal(value: float, places: int = 1) -> str:
    """4.25 as „4,3“: decimal comma, half rounded up."""
    return f"{value + 1e-9:.{places}f}".replace(".", ",")


def percent(share: float) -> str:
    """0.818 as „82 %“, with a no-break space."""
    return f"{decimal(share * 100, 0)}{NO_BREAK_SPACE}%"
