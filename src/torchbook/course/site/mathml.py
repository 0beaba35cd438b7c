"""Formulas as MathML, which browsers draw without a script."""

import re
from functools import lru_cache
from html import escape

from torchbook.errors import TorchbookError

_STYLE = re.compile(r'\sstyle="[^"]*"')
_BASE = re.compile(r"<(msub|msubsup)>(<mi>[a-zA-Z]</mi>)")
_PRIME = re.compile(r"<msup>(<mi>[^<]*</mi>)<mi>((?:&#x0203[2-7];)+)</mi></msup>")


@lru_cache(maxsize=4000)
def mathml(tex: str, *, display: bool = False) -> str:
    """A formula as a `math` element, which has the TeX as its annotation.

    Raises:
        TorchbookError: it is no formula that can be converted.
    """
    from latex2mathml.converter import convert

    tex = " ".join(tex.split())
    try:
        converted = convert(tex, display="block" if display else "inline")
    except Exception as error:
        raise TorchbookError(f"the formula ${tex}$ cannot be shown: {error!r}") from None
    # A strict page takes no style of an element; a slash and the sign of a derivative have no room around them.
    converted = _STYLE.sub("", converted).replace("<mo>&#x02202;</mo>", '<mi mathvariant="normal">&#x02202;</mi>')
    converted = converted.replace("<mo>&#x0002F;</mo>", '<mo lspace="0" rspace="0">/</mo>')
    # A subscript stands as low below a letter with a tail, as p, as below x; a prime stands at its letter.
    converted = _BASE.sub(r'<\1><mpadded depth="0">\2</mpadded>', converted)
    converted = _PRIME.sub(r'<mrow>\1<mo lspace="0" rspace="0">\2</mo></mrow>', converted)
    inside = converted[converted.index(">") + 1 : converted.rindex("</math>")]
    kind = ' display="block"' if display else ""
    return f'<math{kind} alttext="{escape(tex)}">{inside}</math>'
