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


@case("a function below the line that calls it", repeat=2)
def further_down(answer, draw):
    lines = function(draw, "train", ["return step(x)"]) + function(draw, "step", ["return forward(x)"])
    work = run(lines, "training.py", {"forward": library(draw)})["train"]
    return answer.first_bad_line(raised(work), "training.py")


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


@case("an entry that the message quotes", text='the worker says: in File "training.py", line {}, in train')
@case("a line of the message that begins with File", text='the worker says:\nFile "training.py", line {}, in train')
def quoted(answer, draw, text):
    names = library(draw, repr(text.format(draw.integer(200, 300))))
    return answer.first_bad_line(raised(program(draw, "training.py", ["return forward(x)"], names, 2)), "training.py")


@case("another file whose name ends alike", path="/home/ada/old_training.py", repeat=2)
@case("another file whose name begins alike", path="/home/ada/training.pyx")
@case("an older copy of the file", path="/home/ada/training.py.old")
@case("another file with one other letter", path="/home/ada/training_py")
@case("a folder whose name is that of the file", path="/home/ada/training.py/model.py")
def alike(answer, draw, path):
    other = program(draw, path, ["return forward(x)"], library(draw))
    start = program(draw, "training.py", ["return other(x)"], {"other": other}, 2)
    return answer.first_bad_line(raised(start), "training.py")


@case("an error while another one was handled", repeat=2)
def chained(answer, draw):
    body = ["try:", "    return forward(x)", "except RuntimeError:", "    x = 1", "    return x[0]"]
    return answer.first_bad_line(raised(program(draw, "training.py", body, library(draw))), "training.py")


@case("an error of yours that PyTorch handles and fails itself", repeat=2)
def chained_above(answer, draw):
    body = ["try:", "    return work(0)", "except TypeError:", "    raise RuntimeError('the call failed')"]
    handle = run([line.replace("(x)", "(work)") for line in function(draw, "handle", body, 90)], LIBRARY, {})["handle"]
    loss = program(draw, "training.py", ["return x[0]"], {}, 2)
    return answer.first_bad_line(raised(lambda _: handle(loss)), "training.py")


@case("a line far down in the file")
def far(answer, draw):
    lines = [""] * draw.integer(1000, 2000)
    lines += function(draw, "train", ["return forward(x)"])
    return answer.first_bad_line(raised(run(lines, "training.py", library(draw))["train"]), "training.py")


@case("no line of yours")
def none(answer, draw):
    return answer.first_bad_line(raised(library(draw)["forward"]), "training.py")
