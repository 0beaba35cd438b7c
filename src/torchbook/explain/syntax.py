"""Rules for programs that Python cannot read: the line itself says more than Python's message."""

import io
import keyword
import linecache
import re
import tokenize

from torchbook.explain.near_names import nearest
from torchbook.explain.rule import Match, Rule

_NAMES_FOR = {
    "lambda": "weight_decay",
    "class": "label",
    "def": "default",
    "from": "start",
    "in": "inputs",
    "is": "same",
}
_QUOTES = "“”„‟«»‘’‚‹›"
_SHELL = r"(?:pip3?|conda|python3?|cd|ls|mkdir|git|sudo|apt|wget|curl|torchbook) +[\w./-]"


def _line(match: Match) -> str:
    """Returns the line that Python cannot read, "" if there is no source."""
    error = match.error
    if not isinstance(error, SyntaxError):
        return ""
    text = error.text or linecache.getline(error.filename or "", error.lineno or 0)
    # Python shows several lines as one where a bracket stays open; the last of them is the one in question.
    return text.rstrip("\n")


def _above(match: Match, most: int = 200) -> list[str]:
    """Returns the lines above the one that cannot be read."""
    error = match.error
    if not isinstance(error, SyntaxError) or not error.filename or not error.lineno:
        return []
    lines = linecache.getlines(error.filename)[: error.lineno - 1]
    return [line.rstrip("\n") for line in lines[-most:]]


def _what(match: Match) -> str:
    message = match["message"].rstrip(".")
    number = match["line"]
    line = _line(match).strip()
    quoted = f" `{line}`" if line and "`" not in line and len(line) < 80 else ""
    return (
        f"Python cannot read line {number}{',' if quoted else ''}{quoted}:"
        f" {message}{'' if message.endswith('?') else '.'}"
    )


def _fix(match: Match) -> str:
    line, message = _line(match), match["message"]
    for look in (
        _of_a_notebook,
        _of_a_shell,
        _imports,
        _strange_letters,
        _of_another_language,
        _path,
        _quotes,
        _names,
        _numbers,
        _assignments,
        _order_of_parameters,
        _blocks,
        _two_in_one,
        _brackets,
    ):
        if advice := look(line, message, match):
            return advice
    if (
        "forgot a comma" in message
        and re.search(r"[{,]\s*(?:\"[^\"]*\"|'[^']*'|\w+)\s+[\w\"'\[({]", line)
        and "{" in line
    ):
        return (
            "In a dictionary a colon stands between a key and its value, `{'lr': 0.1}`, and a comma after each entry."
        )
    if "?" in message or "forgot" in message:
        return "Do what Python asks there; a comma, an operator or a bracket is missing between two things."
    above = _open_bracket(_above(match))
    if above:
        return f"In line {above} a bracket is opened that is never closed; Python notices it only here."
    return "Look at that line and the end of the one before it: a bracket, a comma, a colon, an operator or quotes?"


def _of_a_notebook(line: str, message: str, match: Match) -> str:
    text = line.strip()
    if text.startswith("%"):
        return f"`{text.split()[0]}` is a line for notebooks; leave it out in a program."
    if text.startswith("!"):
        return "A line that begins with `!` is for notebooks. Type what follows it in a terminal, or leave it out."
    if text.startswith((">>>", "In [", "Out[")):
        return "`>>>` and `In [1]:` are the prompts of Python, copied from an example: take them out."
    return ""


def _imports(line: str, message: str, match: Match) -> str:
    text = line.strip()
    if re.match(r"(?:import|from)\s+[\w.]*\w-\w", text):
        return "The name of a module has no `-`: give the file another name, with `_`."
    if dotted := re.fullmatch(r"from\s+([\w.]+)\s+import\s+([\w.]*)\.(\w+)", text):
        return f"The place stands between `from` and `import`: `from {dotted[1]}.{dotted[2]} import {dotted[3]}`."
    if re.match(r"from\s+[\w.]+\s*$", text) or re.match(r"from\s+[\w.]+\s+(?!import)\w+", text):
        return "It is written `from module import name`."
    if alias := re.match(r"import\s+([\w.]+)\s+(\w+)$", text):
        return f"A short name is given by `as`: `import {alias[1]} as {alias[2]}`."
    return ""


def _of_a_shell(line: str, message: str, match: Match) -> str:
    if re.match(_SHELL, line.strip()) and "=" not in line.split("#")[0].replace("==", ""):
        return "This is a command for the terminal, not a line of Python: type it there, and leave it out here."
    return ""


def _strange_letters(line: str, message: str, match: Match) -> str:
    strange = re.search(r"invalid (?:non-printable )?character (?:'(?P<letter>.)' )?\(?U\+(?P<code>[0-9A-F]+)", message)
    if (
        "null bytes" in message
        or "Non-UTF-8" in message
        or ("codec can't decode" in message and "unicodeescape" not in message)
    ):
        return (
            "The file is stored in another encoding (as by PowerShell or an old editor): save it as UTF-8, in the"
            " editor's menu 'Save as'."
        )
    inside = re.search(r"[–—−‐‑×·∗⋅²³“”„‟«»‘’‚‹›\u00a0]", _without_texts(line)) if not strange else None
    if not strange and not inside:
        return ""
    letter = chr(int(strange["code"], 16)) if strange else inside[0] if inside else ""
    if letter in _QUOTES:
        return "These are printed quotes, as web pages and word processors have them: write straight ones, `\"` or `'`."
    if letter in "–—−‐‑":
        return "This is a printed dash, copied from a page: type a minus sign, `-`."
    if letter in "×·∗⋅":
        return "This is a printed multiplication sign: a product is written `*`."
    if letter in "²³":
        return "A power is written `**`: `x ** 2`."
    if not letter.isprintable() or letter.isspace():
        return (
            "The line holds an invisible space, copied from a web page or a PDF: delete the spaces (also at"
            " the beginning of the line) and type them anew."
        )
    return f"`{letter}` does not belong to Python; it was copied or typed by mistake: replace it by what is meant."


def _of_another_language(line: str, message: str, match: Match) -> str:
    text = _without_texts(line)
    for pattern, advice in (
        (r"^\s*for\s*\(.*;", "A loop that counts is written `for i in range(10):`."),
        (r"=!(?!=)", "'Not equal' is written `!=`."),
        (r"&&", "In Python it is `and` (for tensors `&`, with brackets around both sides)."),
        (r"\|\|", "In Python it is `or` (for tensors `|`, with brackets around both sides)."),
        (r"(?:\+\+|--)\s*(?:$|;|\))", "Python has no `++`: write `i += 1`."),
        (r"\belse\s+if\b", "In Python it is one word: `elif`."),
        (r"(?<![\w'\"])!(?!=)", "In Python 'not' is a word: `not x`."),
        (r"^\s*//|(?<=\s)//\s*[A-Za-z]+ [a-z]|/\*", "A comment begins with `#` in Python."),
        (r"=>|=<|=>", "'At least' and 'at most' are written `>=` and `<=`."),
        (r"<>", "'Not equal' is written `!=`."),
        (
            r"^\s*(?:switch|case)\b",
            "Python has `if`, `elif` and `else` (or `match value:` with `case 1:`, each with a colon).",
        ),
        (
            r"^\s*(?:var|let|const|int|float|double|auto|new) +\w+ *(?:=|$|;)",
            "A name needs no type or word before it: `x = 1`.",
        ),
        (
            r"^(?!.*[=(:\[,]\s*[{]\s*$).*[{]\s*$",
            "A block begins with a colon and is indented; it has no curly brackets.",
        ),
        (r"^\s*(?:function|func|fn) +\w+", "A function begins with `def`: `def name(x):`."),
        (r"^\s*import\s+[\w, ]+\s+from\s+\w+", "The order is `from module import name`."),
        (r"^\s*print +[^\s(=]", "`print` is a function: `print(...)`."),
        (r"^\s*exec +[^\s(=]|^\s*raise +\w+,", "This is written for Python 2: in Python 3 it needs brackets."),
        (r"\?.*:", "A choice is written `a if condition else b`."),
        (r"\b(?:do|then)\s*:?\s*$", "Python needs no word there, only a colon."),
    ):
        if re.search(pattern, text):
            return advice
    return ""


def _without_texts(line: str) -> str:
    return re.sub(r"\"[^\"]*\"|'[^']*'|#.*", "''", line)


def _path(line: str, message: str, match: Match) -> str:
    if "unicodeescape" in message:
        return (
            r"In a string `\` begins a special character (`\U`, `\x`, `\N`). Write the path with an `r` before it, `r"
            + '"C:\\Users\\..."`, or with `/`.'
        )
    if "after line continuation character" in message:
        return (
            'A `\\` outside of a string ends a line. Is a path meant? It stands in quotes: `r"C:\\folder"`; otherwise'
            " delete the `\\`."
        )
    if "unterminated string" in message and line.rstrip().endswith(('\\"', "\\'", '\\")', "\\')")):
        return (
            "A `\\` before the last quotes takes them into the string: write the path with `/`, or without a `\\` at"
            " its end."
        )
    return ""


def _quotes(line: str, message: str, match: Match) -> str:
    if message.startswith("f-string") or re.search(r"\bf(['\"]).*\{[^}]*\1", line):
        if line.count("{") > line.count("}"):
            return "In an f-string every `{` needs its `}`: one is missing in this line."
        if re.search(r"f\"[^\"]*\{[^}\"]*\"|f'[^']*\{[^}']*'", line):
            return "Inside an f-string use the other quotes: `f\"loss {d['loss']}\"`."
        if "single '}'" in message or "expecting '}'" in message:
            return "In an f-string `{` and `}` belong together; one that is to be written is doubled: `{{`, `}}`."
        if message.startswith("f-string"):
            return (
                "Look at what stands in the curly brackets: an expression, and after a colon its format, `{loss:.3f}`."
            )
    apostrophe = re.search(r"'[^'\"]*\w'\w[^']*'?", line)
    if apostrophe and ("unterminated string" in message or "invalid syntax" in message or "comma" in message):
        return 'An apostrophe inside single quotes ends the string: put it into double quotes, `"it\'s"`.'
    if "unterminated triple-quoted" in message:
        return "A string in three quotes is never closed: put three quotes at its end."
    if "unterminated string" in message:
        return (
            "The quotes at the end of a string are missing (a string ends in the line in which it begins; one over"
            " several lines has three quotes)."
        )
    return ""


def _names(line: str, message: str, match: Match) -> str:
    text = _without_texts(line)
    if re.search(r"(?<![\w.])\d+[A-Za-z_]\w*\s*(?:=(?!=)|,)", text) and (
        "decimal literal" in message or "invalid syntax" in message
    ):
        return "A name may not begin with a digit: `layer2` instead of `2layer`. If a product is meant, write the `*`."
    if re.match(r"\s*\w+(?:-\w+)+\s*=(?!=)", text) and ("expression here" in message or "operator" in message):
        name = text.split("=")[0].strip()
        return f"A name cannot contain `-`, which is a minus: `{name.replace('-', '_')}`."
    if re.match(r"\s*[A-Za-z_]\w*(?: +[A-Za-z_]\w*)+\s*=(?!=)", text) and not re.match(
        r"\s*(?:for|if|while|with|from|import|lambda|class|def|return|not)\b", text
    ):
        return "A name cannot contain a space: write `_` instead, `learning_rate`."
    word = _keyword_as_name(text)
    if word:
        other = _NAMES_FOR.get(word, f"{word}_")
        return (
            f"`{word}` is a word of Python itself and cannot be a name: take another, such as `{other}` (or `{word}_`)."
        )
    if re.match(r"\s*def +\w+\s*:", text):
        return "The brackets are missing: `def name():`."
    return ""


def _keyword_as_name(text: str) -> str:
    """Returns a word of Python's own that stands where a name belongs: before `=`, after a dot, among parameters."""
    words = "|".join(word for word in keyword.kwlist if word not in ("None", "True", "False"))
    patterns = (
        rf"^\s*({words})\s*=(?!=)",
        rf"[\w\])]\.({words})\b",
        rf"\bdef +({words})\s*\(",
        rf"^\s*def +\w+\(.*?[(,]\s*({words})\s*[,)=:]",
        rf"[(,]\s*({words})\s*=(?!=)",
        rf"\bfor +({words}) +in\b",
        rf"\bas +({words})\b",
        rf"^\s*\w+\s*,\s*({words})\s*=(?!=)|^\s*({words})\s*,\s*\w+\s*=(?!=)",
    )
    for pattern in patterns:
        if match := re.search(pattern, text):
            return next(group for group in match.groups() if group)
    return ""


def _numbers(line: str, message: str, match: Match) -> str:
    text = _without_texts(line)
    if "positional argument follows" in message and (number := re.search(r"=\s*(\d+),(\d+)(?!\d|\s*=)", text)):
        return f"The decimal sign is a point: `{number[1]}.{number[2]}`. A comma begins another argument."
    if "leading zeros" in message:
        if re.search(r"\d,0\d*", text):
            return "The decimal sign is a point: `0.01` instead of `0,01`."
        return "A number does not begin with 0: write `7` instead of `07`."
    if "invalid decimal literal" in message:
        return (
            "After a number there is a letter: a product needs its `*`, `2 * x`, and a name may not begin with a digit."
        )
    if "invalid syntax" in message and re.search(r"\d[ ]?(?:%|€|\$)\s*(?:$|,|\))", text):
        return "Numbers are written without a unit: `0.2` for 20 %."
    return ""


def _assignments(line: str, message: str, match: Match) -> str:
    text = _without_texts(line)
    if "cannot assign to" in message or "Maybe you meant '=='" in message:
        if re.match(r"\s*(?:if|elif|while|assert)\b", text):
            return "To compare write `==`; `=` gives a value."
        if "function call" in message:
            return (
                "On the left of `=` stands a name (or an entry, `x[0]`), not a call: to compare write `==`, to set an"
                " entry square brackets."
            )
        if re.search(r"\{.*''\s*=(?!=)", text):
            return "In a dictionary a colon stands between a key and its value: `{'lr': 0.1}`."
        if "literal" in message or "True" in message or "None" in message:
            return "A value is given to a name, which stands on the left: `x = 3`."
        if "expression" in message:
            return (
                "On the left of `=` stands one name, not a calculation: move the rest to the other side, or compare"
                " with `==`."
            )
    if "expected ':'" in message and re.match(r"\s*(?:if|elif|while)\b.*[^=!<>]=(?!=)", text):
        return "To compare write `==`; `=` gives a value."
    if re.match(r"\s*(?:if|elif|while)\b.*[^=!<>:]=(?!=)", text) and "invalid syntax" in message:
        return "To compare write `==`; `=` gives a value."
    return ""


def _order_of_parameters(line: str, message: str, match: Match) -> str:
    if "positional argument follows keyword argument" in message:
        return "Arguments with a name come last: `f(x, lr=0.1)`, or name the other, too."
    if "non-default argument follows default" in message or "parameter without a default follows" in message:
        return "Parameters with a default come last: `def f(x, rate=0.1):`."
    if "keyword argument repeated" in message:
        return "This argument is given twice: leave one out."
    if "Generator expression must be parenthesized" in message:
        return "Put the part with `for` into brackets of its own."
    return ""


def _blocks(line: str, message: str, match: Match) -> str:
    text = _without_texts(line).strip()
    if "expected an indented block" in message:
        return "Indent the lines that belong to it by four more spaces; a block that has no lines yet gets `pass`."
    if "unindent does not match" in message:
        return (
            "The line begins with another number of spaces than any block above it: indent it like the lines that it"
            " belongs to."
        )
    if "unexpected indent" in message:
        return "The line begins with spaces although no block (with a colon) begins before it: delete them."
    if "tabs" in message:
        return "Some lines are indented with tabs, others with spaces: use four spaces everywhere (editors convert)."
    if "expected ':'" in message:
        return "Put a colon at the end of this line: it begins a block."
    if "prior to global declaration" in message:
        return "`global` stands at the beginning of the function, before its name is used."
    if "'return' outside" in message or "'yield' outside" in message:
        return "Indent it by as much as the other lines of its function; it stands outside of any now."
    if "outside loop" in message or "not properly in loop" in message:
        return "It belongs inside a `for` or `while`: check how far it is indented."
    if "expected 'except'" in message:
        return "A `try:` needs an `except ...:` after its block."
    if (
        "invalid syntax" in message
        and re.match(r"(?:if|while|for|with|def|class|else|elif|try)\b", text)
        and ":" not in text
    ):
        return "A line that begins a block ends with a colon, and the block stands below it, indented."
    if "invalid syntax" in message and re.search(r"[-+*/%=<>,.]$|\b(?:and|or|not|in)$", text):
        return "The line ends where something must follow: write the rest, or delete the operator or comma at its end."
    if text.startswith("elif") and "invalid syntax" in message and _after_else(line, match):
        return "`else` comes last: put this `elif` before it."
    if re.match(r"(?:else|elif|except|finally)\b", text) and "invalid syntax" in message:
        return "Above it there is no `if` (or `for`, `try`) that is indented by as much."
    if "expected 'else'" in message:
        return "A choice in one line needs both: `a if condition else b`."
    return ""


def _misspelt(word: str, words: list[str]) -> str:
    """Returns the word of which the letters are the same in another order, or all but one."""
    anagram = next((other for other in words if sorted(other) == sorted(word)), "")
    return anagram or (nearest(word, [other for other in words if len(other) > 3], cutoff=0.8) if len(word) > 3 else "")


def _after_else(line: str, match: Match) -> bool:
    """Returns True if the block above the line, indented by as much, is that of an `else`."""
    indented = len(line) - len(line.lstrip())
    above = [text for text in _above(match) if text.strip() and len(text) - len(text.lstrip()) <= indented]
    return bool(above) and above[-1].strip().startswith("else")


def _two_in_one(line: str, message: str, match: Match) -> str:
    if "invalid syntax" not in message:
        return ""
    first = re.match(r"\s*([a-z]+)\s", line)
    words = ["for", "while", "if", "elif", "def", "class", "import", "from", "return", "with"]
    if first and first[1] not in keyword.kwlist and (word := _misspelt(first[1], words)):
        return f"Did you mean `{word}` instead of `{first[1]}`?"
    text = _without_texts(line)
    if re.search(r"[\w\])'] +[A-Za-z_][\w.]*(?: *[-+*/]?= *[^=]|\()", text) and not re.match(
        r"\s*(?:for|if|while|with|from|import|elif|return|assert|del|def|class|raise|print|not|lambda|yield|global)\b",
        text,
    ):
        return (
            "Two statements stand in one line, or something is missing between two things: put the second into a line"
            " of its own."
        )
    if re.search(r"\d +\d|[\w\])] +\d", text):
        return "Something is missing between two values: a comma, an operator or a dot."
    return ""


def _brackets(line: str, message: str, match: Match) -> str:
    if "was never closed" in message:
        return "Close the bracket: count those that open and those that close in this line (and the ones that follow)."
    if "unmatched" in message:
        return "There is one closing bracket too many, or an opening one is missing before it."
    if "does not match opening" in message:
        return "Brackets are closed in the reverse order of their opening, each by its own kind: `([...])`."
    return ""


def _open_bracket(lines: list[str]) -> int:
    """Returns the number of the line with the last bracket that stays open, 0 if there is none."""
    open_at: list[int] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO("\n".join(lines) + "\n").readline):
            if token.string in ("(", "[", "{") and token.type == tokenize.OP:
                open_at.append(token.start[0])
            elif token.string in (")", "]", "}") and token.type == tokenize.OP and open_at:
                open_at.pop()
    except (tokenize.TokenError, IndentationError, SyntaxError):
        pass
    return open_at[-1] if open_at else 0


RULES = (
    Rule(
        "not-text-of-python",
        "file",
        r"source code (?:string )?cannot contain null bytes|Non-UTF-8 code starting with|^SyntaxError: \(unicode"
        r" error\) 'utf-8'"
        r"|'utf-?8' codec can't decode byte 0xff in position 0: invalid start byte \(",
        "Python reads programs in UTF-8, and this file is stored in another encoding (most often UTF-16, as"
        " PowerShell's `>` and old editors write it).",
        "Save the file as UTF-8, in the editor's 'Save as'; in PowerShell write with `| Out-File -Encoding utf8"
        " name.py`.",
    ),
    Rule(
        "cannot-be-read",
        "python",
        r"^(?:Syntax|Indentation|Tab)Error: (?P<message>.+?) \((?:[^()]*, )?line (?P<line>\d+)\)$",
        _what,
        _fix,
    ),
)
