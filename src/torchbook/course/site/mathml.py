"""Formulas as MathML, which browsers draw without a script."""

import re
from functools import lru_cache
from html import escape

from torchbook.errors import TorchbookError

# A strict page takes no style of an element, and a formula leads nowhere and is found by no rule of the page.
_ATTRIBUTE = re.compile(r'\s(style|class|id|href)="[^"]*"')
_BASE = re.compile(r"<(msub|msubsup)>(<mi>[a-zA-Z]</mi>)")
_UNKNOWN = re.compile(r"<m[io]>(\\[A-Za-z]+)</m[io]>")
_AMPERSAND = re.compile(r"&(?!#x[0-9A-Fa-f]+;)")
# What the converter does not know, in words that it does.
_REWRITTEN = (
    (re.compile(r"\\(begin|end)\{(aligned|split)\}"), r"\\\1{align*}"),
    (re.compile(r"\\operatorname\*?\{(\w+)(?:\\[,;: ])?(\w*)\}"), r"\\operatorname{\1\2}"),
    (re.compile(r"\\arg(?![A-Za-z])"), r"\\operatorname{arg}"),
)
# Names of functions have a thin space around them, but none before a bracket; what stands below them in a formula of
# its own stands beside them in a sentence.
_FUNCTION = r"\\(?:operatorname\{\w+\}|(?:log|ln|exp|sin|cos|tan|tanh|max|min|lim|sup|inf|det)(?![A-Za-z]))"
_SCRIPTS = r"(?:\s*[_^]\s*(?:\{[^{}]*\}|\\[A-Za-z]+|[^\\{]))*+"
_BEFORE = re.compile(rf"(?<=[\w}})])(?<!cdot)(?<!left)\s*(?={_FUNCTION})")
_AFTER = re.compile(rf"({_FUNCTION}{_SCRIPTS})\s*+(?=[A-Za-z0-9]|\\(?!left|right|big|Big|l?Vert|[{{,;:! ]))")
_LIMITS = re.compile(r"\\(max|min|lim|sup|inf|operatorname\{arg(?:max|min)\})\s*_")
_NAMED = re.compile(r"<mo>([A-Za-z]{2,})</mo>")
# The signs by which HTML begins something: as relations of a formula, and within its words.
_TEXT = re.compile(r"\\(?:text|mbox|hbox|textrm|textbf|textit|texttt)\s*\{[^{}]*\}")
_IN_TEXT = str.maketrans({"<": "\ue010", ">": "\ue011", '"': "\ue012"})
_IN_FORMULA = str.maketrans({"<": r"\lt ", ">": r"\gt ", '"': "\ue012"})
_WRITTEN = str.maketrans({"\ue010": "&lt;", "\ue011": "&gt;", "\ue012": "&quot;"})
_REASONS = {
    "NoAvailableTokensError": "it ends too early",
    "MissingSuperScriptOrSubscriptError": "something must follow _ and ^",
    "DoubleSuperscriptsError": "it has two exponents; write a^{b^c}",
    "DoubleSubscriptsError": "it has two indices; write a_{b_c}",
    "ExtraLeftOrMissingRightError": r"every \left needs its \right",
    "MissingEndError": r"every \begin needs its \end",
}
_PRIME = re.compile(r"<msup>(<mi>[^<]*</mi>)<mi>((?:&#x0203[2-7];)+)</mi></msup>")


@lru_cache(maxsize=4000)
def mathml(tex: str, *, display: bool = False) -> str:
    """A formula as a `math` element, which has the TeX as its annotation.

    Raises:
        TorchbookError: it is no formula that can be converted.
    """
    from latex2mathml.converter import convert

    tex = " ".join(tex.split())
    plain = re.sub(r"\\\\|\\[{}]", "", tex)
    try:
        if plain.count("{") != plain.count("}"):
            raise TorchbookError("every { needs its }")
        converted = convert(_prepared(tex, display), display="block" if display else "inline")
    except Exception as error:
        reason = _REASONS.get(type(error).__name__, str(error) or repr(error))
        raise TorchbookError(f"the formula ${tex}$ cannot be shown: {reason}") from None
    if unknown := _UNKNOWN.search(converted):
        raise TorchbookError(f"the formula ${tex}$ cannot be shown: {unknown[1]} is no command that is known here")
    inside = converted[converted.index(">") + 1 : converted.rindex("</math>")]
    inside = _AMPERSAND.sub("&amp;", _ATTRIBUTE.sub("", inside)).translate(_WRITTEN)
    # A slash and the sign of a derivative have no room around them; "is drawn from" is a relation.
    inside = inside.replace("<mo>&#x02202;</mo>", '<mi mathvariant="normal">&#x02202;</mi>')
    inside = inside.replace("<mo>&#x0002F;</mo>", '<mo lspace="0" rspace="0">/</mo>')
    inside = inside.replace("<mi>&#x0007E;</mi>", "<mo>&#x0223C;</mo>")
    inside = _NAMED.sub(r"<mi>\1</mi>", inside.replace("<mo>&#x02016;</mo>", '<mo stretchy="false">&#x02016;</mo>'))
    # A subscript stands as low below a letter with a tail, as p, as below x; a prime stands at its letter.
    inside = _BASE.sub(r'<\1><mpadded depth="0">\2</mpadded>', inside)
    inside = _PRIME.sub(r'<mrow>\1<mo lspace="0" rspace="0">\2</mo></mrow>', inside)
    kind = ' display="block"' if display else ""
    return f'<math{kind} alttext="{escape(tex)}">{inside}</math>'


def _prepared(tex: str, display: bool) -> str:
    """Returns a formula in the converter's words, in which no sign of HTML is left."""
    for pattern, replacement in _REWRITTEN:
        tex = pattern.sub(replacement, tex)
    tex = _AFTER.sub(r"\1\\, ", _BEFORE.sub(r"\\, ", tex))
    if display:
        tex = _LIMITS.sub(r"\\\1\\limits_", tex)
    tex = _TEXT.sub(lambda match: match[0].translate(_IN_TEXT), tex)
    return tex.translate(_IN_FORMULA)
