"""Starting a recipe and going on with one: the public functions behind `torchbook train` and `torchbook resume`."""

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from torchbook import signature
from torchbook.command_answer import nearest
from torchbook.data.source import Source
from torchbook.errors import TorchbookError
from torchbook.options import check
from torchbook.signature import Signature

if TYPE_CHECKING:
    from torchbook.device import Choice
    from torchbook.run import Run

Recipe = Callable[..., dict[str, Any]]


def names() -> list[str]:
    """Returns the names of the recipes: those of the files of this folder but this one."""
    files = Path(__file__).parent.glob("*.py")
    return sorted(file.stem for file in files if file.stem not in ("__init__", "start"))


def recipe(name: str) -> Recipe:
    """Imports the recipe of that name and returns it.

    Raises:
        TorchbookError: there is none.
    """
    return signature.imported(_place(name))


def described(name: str) -> Signature:
    """Reads what a recipe shows and which arguments it takes, `run` first, without importing it.

    Raises:
        TorchbookError: there is none of that name.
    """
    return signature.read(_place(name))


def cost(name: str) -> str:
    """Returns the cost that a recipe states for its own data, measured on two cores."""
    match = re.search(r"Cost: (.+?)\.?$", described(name).doc, re.MULTILINE)
    return match[1] if match else ""


def defaults(name: str) -> dict[str, Any]:
    """Returns the arguments of a recipe with their defaults."""
    return {key: parameter.default for key, parameter in described(name).parameters.items() if key != "run"}


def _place(name: str) -> str:
    if name not in names():
        hint = nearest(name, names(), otherwise="torchbook recipes lists them")
        raise TorchbookError(f"there is no recipe {name!r}; {hint}")
    return f"recipes.{name}:{name}"


def start(
    recipe_name: str,
    arguments: dict[str, Any] | None = None,
    *,
    name: str | None = None,
    folder: str | Path | None = None,
    choice: "Choice | None" = None,
    tune: bool = False,
    show: "Callable[[Run, Any, int | None], None] | None" = None,
) -> dict[str, Any]:
    """Runs a recipe in a new run and returns its result. `arguments` are the recipe's own, the others have their
    defaults. With `tune` a long training first tries out how it is fastest here. Started by `torchrun` it is done by
    all processes together (`torchbook.distributed`).

    Raises:
        TorchbookError: something does not fit; if nothing was trained yet, no folder is left behind.
    """
    import torch

    from torchbook.distributed import join
    from torchbook.run import Run
    from torchbook.training.interrupts import as_ctrl_c

    function = recipe(recipe_name)
    usual = defaults(recipe_name)
    unknown = set(arguments or {}) - set(usual)
    if unknown:
        raise TorchbookError(
            f"the recipe {recipe_name} has no argument {', '.join(sorted(unknown))}; it takes {', '.join(usual)}"
        )
    all_arguments = _anywhere(usual | (arguments or {}))
    check(all_arguments, usual)
    processes = join()
    run = Run.create(
        recipe_name, all_arguments, name=name, folder=folder, choice=choice, tune=tune, processes=processes
    )
    run.show = show if processes.first else None
    threads = torch.get_num_threads()
    try:
        with as_ctrl_c():
            return function(run, **all_arguments)
    except KeyboardInterrupt:
        raise _stopped(run) from None
    except BaseException:
        run.discard_if_unused()
        raise
    finally:
        torch.set_num_threads(threads)
        run.close()


def _anywhere(arguments: dict[str, Any]) -> dict[str, Any]:
    """Returns the arguments with absolute paths: what a run keeps must not depend on the current folder."""
    arguments = dict(arguments)
    if "data" in arguments:
        arguments["data"] = Source.of(arguments["data"]).anywhere()
    if (backbone := arguments.get("backbone")) and Path(backbone).suffix and Path(backbone).is_file():
        arguments["backbone"] = str(Path(backbone).absolute())
    return arguments


def _arguments(run: "Run", data: str | Path | None) -> dict[str, Any]:
    """A run's stored arguments, with its data where they lie now; JSON knows no tuples.

    Raises:
        TorchbookError: the data are not where they were.
    """
    arguments: dict[str, Any] = {n: tuple(v) if isinstance(v, list) else v for n, v in run.about["arguments"].items()}
    if "data" in arguments:
        arguments["data"] = Source.again(arguments["data"], moved_to=data)
    return arguments


def _stopped(run: "Run") -> KeyboardInterrupt:
    run.discard_if_unused()
    command = f"torchbook resume {shlex.quote(str(run.path))}"
    return KeyboardInterrupt(f"stopped and saved; go on with: {command}" if run.path.exists() else "stopped")


def resume(
    path: str | Path,
    *,
    data: str | Path | None = None,
    show: "Callable[[Run, Any, int | None], None] | None" = None,
) -> dict[str, Any]:
    """Goes on with a run that was stopped and returns its result.

    The arguments, device, number format and number of threads are the run's own: others would give other bits. With
    another number of processes than before it goes on all the same, and the bits are others. `data` says where the data
    are if they were moved; the run keeps that.

    Raises:
        TorchbookError: there is no such run, its device is not here, or its data are gone or have changed.
    """
    import torch

    from torchbook.device import check_device
    from torchbook.distributed import join
    from torchbook.run import Run
    from torchbook.training.interrupts import as_ctrl_c

    processes = join()
    run = Run.open(path, processes=processes)
    if "part" in run.about:
        raise TorchbookError(f"{run.path} is a part of the run {run.path.parent}; resume that one")
    if run.result is not None:
        return run.result
    check_device(run.choice.device)
    run.lock()
    run.show = show if processes.first else None
    arguments = _arguments(run, data)
    threads = torch.get_num_threads()
    if run.about.get("processes", 1) == processes.count:
        torch.set_num_threads(run.choice.threads or threads)
    try:
        with as_ctrl_c():
            result = recipe(run.recipe)(run, **arguments)
    except KeyboardInterrupt:
        if data is not None:
            run.keep_place(arguments["data"])
        raise _stopped(run) from None
    else:
        if data is not None:
            run.keep_place(arguments["data"])
        return result
    finally:
        torch.set_num_threads(threads)
        run.close()


def evaluate(path: str | Path, *, data: str | Path | None = None) -> dict[str, Any]:
    """Measures the kept model of a run on the test set again and returns the result; nothing is trained or written.

    Of a run with parts all that have a model are measured. `data` says where the data are if they were moved.

    Raises:
        TorchbookError: there is no run or it has no model yet, or its data are gone or others.
    """
    from torchbook.inference.evaluate_run import evaluate_run
    from torchbook.run import Run

    run = Run.open(path)
    parts = run.children()
    if not parts:
        return evaluate_run(run, data=data)
    finished = (run.result or {}).get("runs", [])
    order = {Path(part["run"]).name: number for number, part in enumerate(finished)}
    needed = ("model.json", "model.safetensors")
    parts = [part for part in parts if all((part.path / file).is_file() for file in needed)] or parts
    parts.sort(key=lambda part: order.get(part.path.name, len(order)))
    results = [evaluate_run(part, data=data) for part in parts]
    whole = run.result or {"data": run.about["arguments"].get("data", "")}
    return {"run": str(run.path), "recipe": run.recipe} | whole | {"run": str(run.path), "runs": results}
