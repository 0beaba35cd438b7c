"""How a value stands on a page: as Python prints it and rounded for people, as a drawing, or as a picture to touch."""

import hashlib
import io
import json
import math
import re
from typing import Any

import numpy
from torch import Tensor

from torchbook.course.pictures.brief import brief
from torchbook.course.pictures.picture import Picture
from torchbook.course.runtime.picture_stage import state_of
from torchbook.course.texts.document_values import Value
from torchbook.course.texts.markup import clean
from torchbook.errors import TorchbookError

_DIGITS = 4
_LONGEST = 20_000
_OF_THE_PAGE = "#010203"  # stands in a figure for the colour of the page's text
UNTITLED = "a chart"  # the words for a figure that has no titles and no names of its axes


def shown(value: object) -> dict[str, Any]:
    """Returns the fields of a `Fragment` for the value of a last expression."""
    if value is None:
        return {}
    if isinstance(value, Picture):
        return _picture(value)
    if table := _called(value, "_repr_html_"):
        return {"table": clean(table)}
    if text := _called(value, "_repr_markdown_"):
        return {"markdown": text}
    if figure := figure_of(value):
        return {"drawing": _svg(figure), "alternative": titles_of(figure)}
    return {"value": printed(value)}


def _called(value: object, method: str) -> str:
    """Returns what an object says of itself in another form than Python's; "" if it has none, or is a class."""
    if isinstance(value, type) or not callable(form := getattr(value, method, None)):
        return ""
    text = form()
    return text if isinstance(text, str) and len(text) <= _LONGEST else ""


def printed(value: object) -> str:
    """A value as Python prints it, with floats rounded for people and without addresses of the memory."""
    text = re.sub(r"<([\w.]+) object at 0x[0-9a-f]+>", r"<\1>", _repr(value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} …"


def _repr(value: object) -> str:
    if type(value) is float:
        return repr(_rounded(value))
    if type(value) is list:
        return f"[{', '.join(map(_repr, value))}]"
    if type(value) is tuple:
        return f"({', '.join(map(_repr, value))}{',' if len(value) == 1 else ''})"
    if type(value) is dict:
        return f"{{{', '.join(f'{key!r}: {_repr(item)}' for key, item in value.items())}}}"
    return repr(value)


def _rounded(number: float) -> float:
    if number == 0 or not math.isfinite(number):
        return number
    return round(number, max(1, _DIGITS - 1 - math.floor(math.log10(abs(number)))))


def in_prose(value: Any, where: Value) -> str:
    """The text of a value that stands in prose: by its format, or rounded for people."""
    if isinstance(value, Tensor | numpy.ndarray | numpy.generic) and math.prod(value.shape) == 1:
        value = value.item()
    if where.format:
        text = format(value, where.format)
        text = text if where.in_formula or not text.startswith("-") else f"−{text[1:]}"
    elif isinstance(value, float):
        text = brief(value)
    else:
        text = str(value) if value is None or isinstance(value, str | bool | int) else printed(value)
    if where.in_formula:
        text = text.strip("$").replace("−", "-")
        if text.startswith("-"):  # in braces, or its minus would be taken for a difference
            return f"({{{text}}})" if where.after_sign else f"{{{text}}}"
    return text


def _picture(picture: Picture) -> dict[str, Any]:
    state = state_of(picture)
    try:
        json.dumps(state)
    except TypeError:
        raise TorchbookError(
            f"the state of {type(picture).__name__} is more than JSON can hold; only its still can be on a page"
        ) from None
    # The page has the style of all pictures, and takes no style of an element.
    still = without_styles(re.sub(r"<style>.*?</style>", "", picture.still(), flags=re.DOTALL))
    name = type(picture).__name__.lower()
    if "tb-picture" not in still:
        still = f'<figure class="tb-picture tb-{name}">{still}</figure>'
    return {
        "drawing": still,
        "alternative": picture.alternative,
        "scripts": type(picture).scripts,
        "state": state,
        "answers": picture.answers,
    }


def figure_of(value: object) -> Any:
    """The figure of matplotlib that a value is or belongs to."""
    if isinstance(value, list | tuple) and value:
        value = value[0]
    if not type(value).__module__.startswith("matplotlib."):
        return None
    return value if hasattr(value, "savefig") else getattr(value, "figure", None)


def _svg(figure: Any) -> str:
    """Returns a figure as SVG, always the same for the same figure. Its words are text in the face of the page, and
    what has no colour of its own has that of the page's text, on light and on dark."""
    import matplotlib

    drawn = io.StringIO()
    _follow_the_page(figure)
    with matplotlib.rc_context({"svg.hashsalt": "torchbook", "svg.fonttype": "none"}):
        figure.savefig(drawn, format="svg", bbox_inches="tight", transparent=True, metadata={"Date": None})
    svg = re.sub(
        r"<defs>\s*<style.*?</style>\s*</defs>|<metadata>.*?</metadata>", "", drawn.getvalue(), flags=re.DOTALL
    )
    svg = svg.replace(_OF_THE_PAGE, "currentColor")
    svg = re.sub(r"font-family: [^;\"]*(?:; )?", "", svg)
    return without_styles(_with_own_names(svg[svg.index("<svg") :].strip()))


def _follow_the_page(figure: Any) -> None:
    """Gives titles, axes, and legends of a figure that are black, as matplotlib makes them, the colour of the page.
    What is written and drawn into the axes stays as it is: it may lie on a picture."""
    from matplotlib.colors import to_hex

    def follow(*artists: Any) -> None:
        for artist in artists:
            if to_hex(artist.get_color()) == "#000000":
                artist.set_color(_OF_THE_PAGE)

    for words in (getattr(figure, "_suptitle", None), getattr(figure, "_supxlabel", None)):
        follow(*([words] if words else []))
    for axes in figure.axes:
        follow(axes.title, axes._left_title, axes._right_title)
        for axis in (axes.xaxis, axes.yaxis):
            ticks = axis.get_major_ticks() + axis.get_minor_ticks()
            follow(axis.label, axis.get_offset_text())
            follow(*(part for tick in ticks for part in (tick.label1, tick.label2, tick.tick1line, tick.tick2line)))
        for spine in axes.spines.values():
            if to_hex(spine.get_edgecolor()) == "#000000":
                spine.set_edgecolor(_OF_THE_PAGE)
        if legend := axes.get_legend():
            follow(*legend.get_texts(), legend.get_title())
            legend.get_frame().set_facecolor("none")


def _with_own_names(svg: str) -> str:
    """Figures on one page name their letters and clips alike; the names get a prefix that belongs to the figure."""
    prefix = f"f{hashlib.sha256(svg.encode()).hexdigest()[:8]}-"
    return re.sub(r'((?<=\s)id="|href="#|url\(#)', rf"\g<1>{prefix}", svg)


def without_styles(svg: str) -> str:
    """A strict page takes no style of an element, but the same as attributes."""
    return re.sub(r'\sstyle="([^"]*)"', lambda match: _attributes(match[1]), svg)


def _attributes(style: str) -> str:
    style = re.sub(r"font:(\d+) (\w+) ([^;]*)", r"font-weight:\1;font-size:\2;font-family:\3", style)
    pairs = (rule.partition(":")[::2] for rule in style.split(";") if rule.strip())
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)


def titles_of(figure: Any) -> str:
    """The words of a figure: its titles, or the names of its axes."""
    words = [axes.get_title() or f"{axes.get_ylabel()} against {axes.get_xlabel()}" for axes in figure.axes]
    return "; ".join(dict.fromkeys(text for text in words if text.strip() != "against")) or UNTITLED
