"""Starting a recipe and going on with one: the public functions behind `torchbook train` and `torchbook resume`."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from torchbook import signature
from torchbook.command_answer import nearest
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
        raise TorchbookError(f"there is no recipe {name!r}; {nearest(name, names())}")
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
    all_arguments = usual | (arguments or {})
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


def _arguments(run: "Run") -> dict[str, Any]:
    """A run's stored arguments; JSON knows no tuples."""
    return {name: tuple(v) if isinstance(v, list) else v for name, v in run.about["arguments"].items()}


def _stopped(run: "Run") -> KeyboardInterrupt:
    run.discard_if_unused()
    kept = f"stopped and saved; go on with: torchbook resume {run.path}" if run.path.exists() else "stopped"
    return KeyboardInterrupt(kept)


def resume(path: str | Path, *, show: "Callable[[Run, Any, int | None], None] | None" = None) -> dict[str, Any]:
    """Goes on with a run that was stopped and returns its result.

    The arguments, device, number format and number of threads are the run's own: others would give other bits. With
    another number of processes than before it goes on all the same, and the bits are others.

    Raises:
        TorchbookError: there is no such run, its device is not here, or its data have changed.
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
    threads = torch.get_num_threads()
    if run.about.get("processes", 1) == processes.count:
        torch.set_num_threads(run.choice.threads or threads)
    try:
        with as_ctrl_c():
            return recipe(run.recipe)(run, **_arguments(run))
    except KeyboardInterrupt:
        raise _stopped(run) from None
    finally:
        torch.set_num_threads(threads)
        run.close()


def evaluate(path: str | Path) -> dict[str, Any]:
    """Measures the kept model of a run on the test set again and returns the result; nothing is trained or written.

    Of a run with parts all that have a model are measured.

    Raises:
        TorchbookError: there is no run or it has no model yet, or its data are gone or others.
    """
    from torchbook.inference.evaluate_run import evaluate_run
    from torchbook.run import Run

    run = Run.open(path)
    parts = run.children()
    if not parts:
        return evaluate_run(run)
    finished = (run.result or {}).get("runs", [])
    order = {Path(part["run"]).name: number for number, part in enumerate(finished)}
    needed = ("model.json", "model.safetensors")
    parts = [part for part in parts if all((part.path / file).is_file() for file in needed)] or parts
    results = [evaluate_run(part) for part in sorted(parts, key=lambda part: order.get(part.path.name, len(order)))]
    whole = run.result or {"data": run.about["arguments"].get("data", "")}
    return {"run": str(run.path), "recipe": run.recipe} | whole | {"run": str(run.path), "runs": results}
