"""Formats numbers for prose in Markdown."""

import math
from typing import SupportsFloat


def brief(value: SupportsFloat, digits: int = 4) -> str:
    """Formats a number with so many digits and no trailing zeros; very large and very small ones as powers of ten.

    brief(29.0217) is 29.02, brief(5802484.5) is $5.802 \\cdot 10^{6}$, brief(1e-4) is $10^{-4}$.
    """
    number = float(value)
    if math.isnan(number):
        return "not a number"
    if math.isinf(number):
        return r"$\infty$" if number > 0 else r"$-\infty$"
    mantissa, _, power = f"{number:.{digits - 1}e}".partition("e")
    if number == 0 or -3 <= int(power) < 5:
        decimal = f"{float(f'{number:.{digits}g}'):.10f}".rstrip("0").rstrip(".")
        return decimal.replace("-", "−")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    factor = "" if mantissa == "1" else "-" if mantissa == "-1" else rf"{mantissa} \cdot "
    return rf"${factor}10^{{{int(power)}}}$"
