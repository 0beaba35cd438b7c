import linecache
import traceback

from torchbook.course.grading.cases import case

LIBRARY = "/usr/lib/python3/site-packages/torch/nn/modules/linear.py"


def run(source, file, names):
    """Runs lines of a program under the name of a file, so that tracebacks show them."""
    text = "\n".join(source)
    linecache.cache[file] = (len(text), None, [f"{line}\n" for line in source], file)
    exec(compile(text, file, "exec"), names)
    return names


def function(draw, name, body, blank=20):
    """Lines of a function, somewhere in a file."""
    return [""] * draw.integer(1, blank) + [f"def {name}(x):", *(f"    {line}" for line in body)]


def raised(work):
    """What Python prints of the error that a program ends with, without the entry of this file."""
    try:
        work(0)
    except Exception:
        lines = traceback.format_exc().splitlines()
    own = next(i for i, line in enumerate(lines) if "checks.py" in line)
    rest = lines[own + 1 :]
    while not rest[0].startswith("  File"):
        rest = rest[1:]
    return "\n".join([*lines[:own], *rest]) + "\n"


def library(draw, message="'mat1 and mat2 must have the same dtype'"):
    lines = function(draw, "inner", [f"raise RuntimeError({message})"], 90)
    lines += function(draw, "forward", ["return inner(x)"], 90)
    lines += function(draw, "apply", ["return x(0)"], 90)
    return run(lines, LIBRARY, {})


def program(draw, file, body, names, depth=1):
    """A function of a program that calls its way down to a body."""
    lines = function(draw, "step_0", body)
    for level in range(1, depth):
        lines += function(draw, f"step_{level}", [f"y = step_{level - 1}(x)", "return y"])
    return run(lines, file, dict(names))[f"step_{depth - 1}"]


@case("one line of yours", repeat=2)
@case("several lines of yours", depth=3, repeat=3)
@case("a file in a folder", path="/home/ada/work/training.py", depth=2)
@case("a file of another name", path="model.py", file="model.py", depth=2)
def calls(answer, draw, path="training.py", file="training.py", depth=1):
    start = program(draw, path, ["return forward(x)"], library(draw), depth)
    return answer.first_bad_line(raised(start), file)


@case("an error in a line of yours itself", repeat=2)
def own(answer, draw):
    return answer.first_bad_line(raised(program(draw, "training.py", ["return x[0]"], {}, 2)), "training.py")


@case("PyTorch calls a function of yours", repeat=2)
def called_back(answer, draw):
    names = library(draw)
    lines = function(draw, "loss", ["return forward(x)"]) + function(draw, "train", ["return apply(loss)"])
    return answer.first_bad_line(raised(run(lines, "training.py", names)["train"]), "training.py")


@case("a number in the message", repeat=2)
def number(answer, draw):
    names = library(draw, f"'the label in line {draw.integer(200, 300)} of training.csv is too large'")
    return answer.first_bad_line(raised(program(draw, "training.py", ["return forward(x)"], names, 2)), "training.py")


@case("another file whose name ends alike", repeat=2)
def alike(answer, draw):
    old = program(draw, "/home/ada/old_training.py", ["return forward(x)"], library(draw))
    return answer.first_bad_line(
        raised(program(draw, "training.py", ["return old(x)"], {"old": old}, 2)), "training.py"
    )


@case("an error while another one was handled", repeat=2)
def chained(answer, draw):
    body = ["try:", "    return forward(x)", "except RuntimeError:", "    x = 1", "    return x[0]"]
    return answer.first_bad_line(raised(program(draw, "training.py", body, library(draw))), "training.py")


@case("a line far down in the file")
def far(answer, draw):
    lines = [""] * draw.integer(1000, 2000)
    lines += function(draw, "train", ["return forward(x)"])
    return answer.first_bad_line(raised(run(lines, "training.py", library(draw))["train"]), "training.py")


@case("no line of yours")
def none(answer, draw):
    return answer.first_bad_line(raised(library(draw)["forward"]), "training.py")
