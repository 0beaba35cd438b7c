r"""Formulas for a terminal: `$\frac{1}{n} \sum_i x_i^2$` becomes `1/n Σᵢ xᵢ²`.

Only the commands that the course uses are known; any other loses its backslash, which is still readable.
"""

import re

_SYMBOLS: dict[str, str] = dict(
    re.findall(
        r"(\w+)=(\S?)",
        """
alpha=α beta=β gamma=γ delta=δ epsilon=ε varepsilon=ε eta=η theta=θ lambda=λ mu=μ pi=π rho=ρ sigma=σ tau=τ phi=φ omega=ω
Delta=Δ Theta=Θ Sigma=Σ Phi=Φ Omega=Ω sum=Σ prod=Π partial=∂ nabla=∇ infty=∞ sqrt=√ ell=ℓ prime=′
cdot=· times=× div=÷ pm=± odot=⊙ oplus=⊕ circ=∘ ast=∗ star=⋆ le=≤ leq=≤ ge=≥ geq=≥ ne=≠ neq=≠ approx=≈ sim=~ equiv=≡
in=∈ notin=∉ to=→ rightarrow=→ leftarrow=← mapsto=↦ Rightarrow=⇒ mid=| lVert=‖ rVert=‖ Vert=‖ lfloor=⌊ rfloor=⌋ lceil=⌈
rceil=⌉ langle=⟨ rangle=⟩ ll=≪ gg=≫ top=⊤ dots=… ldots=… cdots=⋯ iff=⇔ longrightarrow=→
left= right= bigl= bigr= big= Big= limits= quad= qquad=\ue004
""",
    )
)
_PLAIN = "text|mathrm|mathbf|mathit|mathsf|mathtt|mathcal|boldsymbol|operatorname|textbf|textit|texttt|mathbb"
_ACCENTS = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "bar": "\u0304",
    "overline": "\u0304",
    "tilde": "\u0303",
    "vec": "\u20d7",
}
_ABOVE = dict(zip("0123456789+-=()nijkTlxyabcdemptLrh", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱʲᵏᵀˡˣʸᵃᵇᶜᵈᵉᵐᵖᵗᴸʳʰ")) | {"⊤": "ᵀ"}
_BELOW = dict(zip("0123456789+-=()aehijklmnoprstuvxβγρφ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩ"))
_SMALL = "".join({*_ABOVE.values(), *_BELOW.values()} - set("ⁿ")) + "\u0300-\u036fⁿ"
# Placeholders for the literal signs { } ^ _ while the formula is split at the others.
_KEPT = dict(zip("{}^_", "\ue000\ue001\ue002\ue003"))
_WIDE = "\ue004"  # a wide space, which in a formula of its own begins a new line


def readable(markdown: str) -> str:
    """Returns Markdown with its formulas (`$...$` and `$$...$$`) as plain text; code is left as it is."""
    parts = re.split(r"(```.*?```|`[^`\n]*`)", markdown, flags=re.DOTALL)
    return "".join(part if part.startswith("`") else _without_dollars(part) for part in parts)


def _without_dollars(text: str) -> str:
    text = re.sub(r"\$\$(.+?)\$\$", _displayed, text, flags=re.DOTALL)
    # The characters that Markdown would take for emphasis are escaped.
    return re.sub(
        r"(?<!\\)\$(?! )(.+?)(?<! )\$", lambda match: re.sub(r"([*_\[\]|~<])", r"\\\1", formula_as_text(match[1])), text
    )


def _displayed(match: re.Match[str]) -> str:
    lines = [line.strip() for line in formula_as_text(match[1]).split("   ") if line.strip()]
    return "\n\n" + "\n".join(f"    {line}" for line in lines) + "\n\n"


def formula_as_text(formula: str) -> str:
    """Returns a formula in KaTeX's language as one line of text."""
    text = " ".join(formula.split()).replace(r"\{", _KEPT["{"]).replace(r"\}", _KEPT["}"]).replace(r"\\", "; ")
    text = re.sub(r"\\(begin|end)\{\w+\*?\}|&", " ", text)
    text = re.sub(r"\\[,;:! ]", " ", text).replace(r"\|", "‖")
    text = re.sub(r"\\mathbb\s*\{?R\}?", "ℝ", text)
    before = None
    while before != text:  # from the innermost braces outwards
        before = text
        text = re.sub(rf"\\(?:{_PLAIN})\s*\{{([^{{}}]*)\}}", r"\1", text)
        text = re.sub(rf"\\({'|'.join(_ACCENTS)})\s*(?:\{{([^{{}}\\]*)\}}|(\w))", _accent, text)
        text = re.sub(r"\\([A-Za-z]+)(?=[^A-Za-z{]|$)", lambda m: _SYMBOLS.get(m[1], m[1]), text)
        text = re.sub(
            r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", lambda m: f"{_bracketed(m[1])}/{_bracketed(m[2])}", text
        )
        text = re.sub(r"\\sqrt\s*\{([^{}]*)\}", lambda m: f"√{_bracketed(m[1])}", text)
        text = re.sub(r"([_^])(?:\{([^{}\\]*)\}|([^\s{}\\]))", _script, text)
        text = re.sub(r"(?<![\w_^}\\])\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"([∂∇√]) +", r"\1", text.replace("{", "").replace("}", ""))
    text = re.sub(rf"(?<=[\w){_SMALL}])([ΣΠ])", r" \1", text)
    return " ".join(text.split()).translate(
        {ord(placeholder): sign for sign, placeholder in _KEPT.items()} | {ord(_WIDE): "   "}
    )


def _accent(match: re.Match[str]) -> str:
    inside = match[2] if match[2] is not None else match[3]
    return inside + _ACCENTS[match[1]] if len(inside) == 1 else f"{match[1]}({inside})"


def _bracketed(part: str) -> str:
    """Returns a part of a fraction or of a root, in brackets unless it is a name with indices or one function call."""
    part = re.sub(r"([∂∇√]) +", r"\1", part.strip())
    one_thing = rf"[∂∇√]?[\w.]*[{_SMALL}]*({_KEPT['^']}\([^()]*\)|{_KEPT['^']}\w)?(\([^()]*\))?"
    return part if re.fullmatch(one_thing, part) else f"({part})"


def _script(match: re.Match[str]) -> str:
    inside = (match[2] if match[2] is not None else match[3]).strip()
    table = _ABOVE if match[1] == "^" else _BELOW
    signs = inside.replace(" ", "")
    if signs and all(sign in table for sign in signs):
        return "".join(table[sign] for sign in signs)
    sign = _KEPT[match[1]]
    return f"{sign}{inside}" if len(inside) == 1 else f"{sign}({inside})"
