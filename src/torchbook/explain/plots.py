"""Rules for matplotlib and pictures."""

import re

from torchbook.explain.near_names import nearest
from torchbook.explain.rule import Match, Rule


def _lengths(match: Match) -> str:
    return (
        f"Two lists that are drawn against each other must be equally long, but have shapes {match['a']} and"
        f" {match['b']}."
    )


def _options(match: Match) -> list[str]:
    return re.findall(r"'([^']*)'", match["options"])


def _option_fix(match: Match) -> str:
    alike = [option for option in _options(match) if option.count(" ") == match["value"].count(" ")]
    near = nearest(match["value"], alike) or nearest(match["value"], _options(match))
    if near:
        return f"Did you mean `'{near}'`?"
    words = match["value"].casefold().split()
    same = next((option for option in _options(match) if any(word in option for word in words)), "")
    options = ", ".join(f"`'{option}'`" for option in _options(match)[:12])
    return f"Did you mean `'{same}'`?" if same else f"It may be {options}." if options else ""


def _colour_fix(match: Match) -> str:
    from matplotlib import colors

    near = nearest(match["value"], [*colors.CSS4_COLORS, *colors.BASE_COLORS])
    also = "others are listed under 'named colors' in matplotlib's documentation, and `'#ff8800'` gives any."
    return (
        f"Did you mean `'{near}'`? Otherwise: {also}"
        if near
        else f"Take a name such as `'red'` or `'tab:blue'`; {also}"
    )


def _picture(match: Match) -> str:
    return f"A picture for matplotlib holds numbers, but this is of dtype `{match['dtype']}`."


def _picture_fix(match: Match) -> str:
    if match["dtype"].startswith("<U"):
        return (
            "This is a string, the name of a file: read it first, `plt.imshow(plt.imread(path))` or `Image.open(path)`."
        )
    return "Look at what it is, `print(type(x))`: None, a list of pictures, or an object that is no picture?"


def _invalid_shape(match: Match) -> str:
    return (
        f"A picture for matplotlib is [height, width] or [height, width, 3], but this one has shape [{match['shape']}]."
    )


def _invalid_shape_fix(match: Match) -> str:
    sizes = match.sizes("shape")
    if len(sizes) == 4:
        return (
            "This is a batch: take one picture, `pictures[0]`, and bring its channels to the end: `.permute(1, 2, 0)`."
        )
    if len(sizes) == 3 and sizes[0] not in (1, 3, 4) and sizes[-1] > 4:
        return f"These seem to be {sizes[0]} grey pictures: take one, `pictures[0]`."
    if len(sizes) == 3 and sizes[0] == 1:
        return "Take the single channel away: `picture.squeeze(0)`."
    if len(sizes) == 1:
        return "This is a row of numbers: give it its height and width back, `x.reshape(28, 28)`."
    return (
        "Bring the channels to the end, `picture.permute(1, 2, 0)`, and take a single channel away:"
        " `picture.squeeze()`."
    )


RULES = (
    Rule(
        "format-of-a-line",
        "value",
        r"'(?P<value>[^']*)' is not a valid format string",
        "`{value}` is no format for a line: it has a colour, a marker and a style, such as `'r--'` or `'bo-'`.",
        "Name them: `plt.plot(x, y, color='red', linestyle='--', marker='o')`; a label is named, too, `label='...'`.",
    ),
    Rule(
        "format-of-a-figure",
        "file",
        r"Format '(?P<value>[^']*)' is not supported \(supported formats: (?P<options>[^)]*)\)",
        "matplotlib cannot save a figure as `{value}`.",
        "End the name of the file with `.png`, `.jpg`, `.pdf` or `.svg`.",
    ),
    Rule(
        "size-of-a-picture",
        "python",
        r"Unknown resampling filter \((?P<value>\d+)\)",
        "The new size of a picture is one argument, and {value} was taken for the way to compute it.",
        "Put the sizes into brackets: `picture.resize((width, height))`.",
    ),
    Rule(
        "mode-of-a-picture",
        "value",
        r"image has wrong mode|conversion from \w+ to (?P<value>\w+) not supported|unrecognized image mode",
        "Pillow does not know this kind of picture.",
        "Use `'L'` for grey, `'RGB'` for colours and `'RGBA'` for colours with transparency: `picture.convert('L')`.",
    ),
    Rule(
        "lists-of-different-length",
        "shape",
        r"x and y must (?:have same first dimension|be the same size)(?:, but have shapes (?P<a>\([\d,]*\)) and "
        r"(?P<b>\([\d,]*\)))?",
        lambda match: _lengths(match) if match["a"] else "The points of a scatter plot need as many x as y.",
        lambda match: (
            "Draw as many x as there are y: `plt.plot(range(len(losses)), losses)`, or leave x out."
            if match["a"]
            else "Print the `len` of both: each point needs an x and a y."
        ),
        ("shape",),
    ),
    Rule(
        "colours-of-different-length",
        "shape",
        r"'c' argument has (?P<got>\d+) elements, which is inconsistent with 'x' and 'y' with size (?P<want>\d+)",
        "There are {want} points and {got} colours: a scatter plot takes one colour for all or one for each point.",
        "Give each point its class or value as a number, `plt.scatter(x, y, c=labels)`; for colours of your own choose"
        " one by each label, `c=[colours[label] for label in labels]`.",
    ),
    Rule(
        "bars-of-different-length",
        "shape",
        r"shape mismatch: objects cannot be broadcast to a single shape",
        "A bar chart needs one height for each bar, but the lists have different lengths.",
        "Print the `len` of both.",
    ),
    Rule(
        "picture-for-matplotlib",
        "shape",
        r"Invalid shape \((?P<shape>[\d, ]+)\) for image data",
        _invalid_shape,
        _invalid_shape_fix,
        ("channel", "permutation of dimensions"),
    ),
    Rule(
        "picture-of-no-numbers",
        "dtype",
        r"Image data of dtype (?P<dtype>\S+) cannot be converted to float",
        _picture,
        _picture_fix,
    ),
    Rule(
        "labels-not-texts",
        "python",
        r"'value' must be an instance of str or bytes, not an? (?P<type>\w+)",
        "The names on an axis must all be strings, but one is `{type}`.",
        "Make strings of them: `[str(label) for label in labels]`.",
    ),
    Rule(
        "unknown-colour",
        "value",
        r"'?(?P<value>[^' ]+)'? is not a valid (?:value for )?color|Invalid RGBA argument: '?(?P<value2>[^'"
        r" ]+)'?|Unrecognized character (?P<value3>\S) in format string",
        "`{value}` is no colour that matplotlib knows.",
        _colour_fix,
    ),
    Rule(
        "unknown-choice",
        "value",
        r"'(?P<value>[^']*)' is not a valid value for (?P<name>\w+)[;.] (?:supported values are|Did you mean one of:)"
        r" (?P<options>.*)|'(?P<value2>[^']*)' is not a known (?P<name2>colormap)",
        lambda match: f"`{match['value']}` is not one of the values for `{match['name']}`.",
        _option_fix,
    ),
    Rule(
        "subplot-number",
        "index",
        r"num must be an integer with 1 <= num <= (?P<most>\d+), not (?P<got>\d+)",
        "There are {most} places in this grid, counted from 1, and number {got} was asked for.",
        "Add 1 to a number that counts from 0, `plt.subplot(2, 2, i + 1)`, or make the grid larger.",
    ),
    Rule(
        "float-picture",
        "dtype",
        r"Cannot handle this data type: (?P<what>\(.*\), \S+)",
        "Pillow makes pictures of bytes, but this array is of another shape or number format: {what}.",
        "Scale to 0 to 255, put the channels last and convert: `Image.fromarray((x * 255).astype('uint8'))`; a single "
        "channel is [height, width].",
        ("channel", "dtype"),
    ),
    Rule(
        "cannot-save-picture",
        "file",
        r"cannot write mode (?P<mode>\w+) as (?P<kind>\w+)",
        "A picture of the kind {mode} cannot be saved as {kind}.",
        "Convert it first: `picture.convert('RGB')`.",
    ),
    Rule(
        "cut-off-picture",
        "file",
        r"image file is truncated|broken data stream when reading image|broken PNG file",
        "The picture is not complete: it was cut off while it was saved or downloaded.",
        "Save or download it again, or leave it out of the data.",
    ),
)
