"""The commands of the workbench: each a thin layer over a public function."""

import inspect
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_type_hints

from rich.console import Group
from rich.table import Table

from torchbook.answers import Answer, nearest, parse
from torchbook.display import TrainingBar, show
from torchbook.errors import TorchbookError
from torchbook.recipes.start import evaluate as evaluate_run
from torchbook.recipes.start import names, recipe, start
from torchbook.recipes.start import resume as resume_run


def recipes() -> Answer:
    """The recipes with what they show, their data and their cost."""
    rows = []
    for name in names():
        function = recipe(name)
        rows.append(
            {"recipe": name, "data": _default(function, "data"), "cost": cost(function), "about": about(function)}
        )
    table = Table(box=None, pad_edge=False, header_style="bold", row_styles=["", "dim"])
    for title in ("recipe", "data", "cost", "what it shows"):
        table.add_column(title, no_wrap=title in ("recipe", "data"))
    for row in rows:
        table.add_row(row["recipe"], row["data"], row["cost"], row["about"])
    return Answer({"recipes": rows}, table)


def about(function: Any) -> str:
    """The first sentence of a recipe's docstring."""
    text = " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())
    return re.split(r"(?<=[.:])\s", text, maxsplit=1)[0].rstrip(":.")


def cost(function: Any) -> str:
    """The cost that a recipe states for its embedded data, measured on two cores."""
    found = re.search(r"Cost: (.+?)\.?$", inspect.getdoc(function) or "", re.MULTILINE)
    return found.group(1) if found else ""


def _default(function: Any, name: str) -> str:
    return str(inspect.signature(function).parameters[name].default)


def train(words: list[str]) -> Answer:
    """Runs a recipe; its own arguments, and a name for the run, are options."""
    if not words or words[0] in ("-h", "--help"):
        return Answer({"recipes": names()}, f"torchbook train RECIPE [options]\n\nrecipes: {', '.join(names())}")
    name, *rest = words
    if name not in names():
        raise TorchbookError(f"there is no recipe {name!r}; {nearest(name, names())}")
    return parse(_command(name, _data(rest)), rest, prog=f"torchbook train {name}")


def _data(words: list[str]) -> str | None:
    """The data set that the words name, if they name one."""
    for word, following in zip(words, [*words[1:], ""]):
        if word == "--data" or word.startswith("--data="):
            return following if word == "--data" else word.removeprefix("--data=")
    return None


def _data_options(data: str | None, taken: set[str]) -> dict[str, tuple[inspect.Parameter, Any]]:
    """The options of a data set's own loader that are not those of the recipe, with their types."""
    from torchbook.data.load import loader_of, separated

    if data is None:
        return {}
    loader = inspect.unwrap(loader_of(separated(data)[0]))
    hints = get_type_hints(loader)
    # Not given is not the same as given with the default value: only what is given is kept with the run.
    return {
        key: (parameter.replace(default=None), hints[key] | None)
        for key, parameter in inspect.signature(loader).parameters.items()
        if key not in taken | {"path", "seed", "gate", "kinds"}
    }


def _command(recipe_name: str, data: str | None) -> Any:
    """A recipe as a command: its own arguments, those of the data set, then those of the run."""
    from torchbook.data.load import joined

    # Where shapes are checked the recipe is wrapped; its own signature is the one that counts.
    function = inspect.unwrap(recipe(recipe_name))
    own = {key: p for key, p in inspect.signature(function).parameters.items() if key != "run"}
    of_data = _data_options(data, set(own))

    def command(
        *,
        name: str | None = None,
        device: str | None = None,
        number_format: Literal["float32", "bfloat16"] | None = None,
        tune: bool = True,
        **arguments: Any,
    ) -> Answer:
        from torchbook.device import choose

        given = {key: arguments.pop(key) for key in of_data}
        if any(value is not None for value in given.values()):
            arguments["data"] = joined(arguments["data"], {k: v for k, v in given.items() if v is not None})
        choice = choose(device, number_format=number_format)
        _announce(recipe_name, function, arguments, choice)
        with TrainingBar() as bar:
            return finished(start(recipe_name, arguments, name=name, choice=choice, tune=tune, show=bar))

    added = {key: p for key, p in inspect.signature(command).parameters.items() if key != "arguments"}
    hints = get_type_hints(function) | {"name": str | None, "device": str | None}
    hints |= {"number_format": Literal["float32", "bfloat16"] | None, "tune": bool}
    hints |= {key: hint for key, (_, hint) in of_data.items()}
    # Where shapes are checked a wrapper is around the function, and what is inside is read.
    typed: Any = inspect.unwrap(command)
    from_data = [parameter for parameter, _ in of_data.values()]
    typed.__signature__ = inspect.Signature([*own.values(), *from_data, *added.values()])
    typed.__annotations__ = {key: hints[key] for key in (*own, *of_data, *added)}
    typed.__doc__ = inspect.getdoc(function)
    return typed


def _announce(name: str, function: Any, arguments: dict[str, Any], choice: Any) -> None:
    data = arguments.get("data", "")
    known = (
        f" about {cost(function)} on two cores" if data == _default(function, "data") else " the bar will tell how long"
    )
    print(
        f"{name} on {data}:{known}; on {choice.device}, convolutions in {choice.number_format}, as {choice.reason}",
        file=sys.stderr,
    )


def resume(run: str, /) -> Answer:
    """Goes on with a run that was stopped, as if it had not been.

    Args:
        run: the folder of the run, or its name.
    """
    with TrainingBar() as bar:
        return finished(resume_run(run, show=bar))


def finished(result: dict[str, Any]) -> Answer:
    """The result of a recipe as an answer."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    parts = result.get("runs", [result])
    for title in ("run", "test", "baseline", "parameters", "seconds"):
        table.add_column(title, overflow="fold")
    for part in parts:
        measures, plain = _told(part["test"]), _told(part.get("baseline", {}))
        if "floor" in part:
            measures, plain = f"{measures}  (floor {part['floor']:.3g})", ""
        if "verdict" in part:
            measures = f"{measures}  {part['verdict']}"
        table.add_row(Path(part["run"]).name, measures, plain, f"{part['parameters']:,}", f"{part['seconds']:.1f}")
    notes = [note for part in parts[:1] for note in part.get("notes", [])]
    notes += [_speed(result)] if "samples_per_second" in result else []
    return Answer(result, Group(table, *notes, f"the run is in {result['run']}"))


def _speed(result: dict[str, Any]) -> str:
    share = result.get("share_of_peak")
    of_peak = f", {share:.0%} of the peak of convolutions here" if share else ""
    return f"{result['samples_per_second']:,.0f} samples a second{of_peak}"


# Measures that a table has room for.
SHOWN = ("accuracy", "mse", "mae", "r2", "frechet", "classes_covered")


def _told(measures: dict[str, Any]) -> str:
    return "  ".join(f"{name} {show(name, value)}" for name, value in measures.items() if name in SHOWN)


def evaluate(run: str, /) -> Answer:
    """Measures a run's kept model on the test set of its data again.

    Args:
        run: the folder of the run, or its name.
    """
    return finished(evaluate_run(run))


def predict(run: str, files: list[Path], /) -> Answer:
    """What a run's model says of your own pictures or volumes, or of the rows of a CSV file.

    Args:
        run: the folder of the run, or its name.
        files: pictures, volumes (also folders of slices), or CSV files with the columns that the model was trained on.
    """
    from torchbook.inference import predict as predictions
    from torchbook.run import Run

    if not files:
        raise TorchbookError("predict needs at least one file")
    answers = predictions(Run.open(run), files)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("file", "says", "probability", "next", ""):
        table.add_column(title)
    for answer in answers:
        where = Path(answer["file"]).name + (f", row {answer['row']}" if "row" in answer else "")
        notes = ", ".join(answer.get("notes", []))
        if "values" in answer:
            table.add_row(
                where, "  ".join(f"{key} {value:.4g}" for key, value in answer["values"].items()), "", "", notes
            )
            continue
        likely = sorted(answer["probabilities"].items(), key=lambda pair: -pair[1])
        following = ", ".join(f"{name} {100 * share:.1f} %" for name, share in likely[1:3])
        table.add_row(where, answer["class"], f"{100 * likely[0][1]:.1f} %", following, notes)
    return Answer({"run": run, "predictions": answers}, table)


def generate(run: str, /, *, count: int = 64, seed: int = 0, out: Path | None = None) -> Answer:
    """New pictures from a trained generator, as a grid in a PNG file; the same ones for the same seed.

    Args:
        run: the folder of the run, or its name.
        count: how many pictures.
        seed: where the noise starts from.
        out: the PNG file; by default one in the run's folder.
    """
    from torchbook.inference import generate as generated
    from torchbook.run import Run

    opened = Run.open(run)
    file = out or opened.path / "pictures" / f"generated-{count}-seed-{seed}.png"
    generated(opened, count=count, seed=seed, file=file)
    return Answer(
        {"run": str(opened.path), "file": str(file), "count": count, "seed": seed}, f"{count} pictures in {file}"
    )


def export(run: str, /, *, to: Literal["pt2", "onnx", "safetensors"] = "pt2", out: Path | None = None) -> Answer:
    """A run's model as a file for other programs, with its normalisation inside.

    Args:
        run: the folder of the run, or its name.
        to: pt2 for torch.export.load, onnx for ONNX runtimes, safetensors for the weights alone.
        out: the file; by default one in the run's folder.
    """
    from torchbook.inference import export as exported
    from torchbook.run import Run

    opened = Run.open(run)
    # The kept weights are the run's own model.safetensors; the export must not take its place.
    file = exported(opened, out or opened.path / f"export.{to}", to=to)
    return Answer({"run": str(opened.path), "file": str(file), "bytes": file.stat().st_size}, f"the model is in {file}")


def runs(paths: tuple[str, ...] = (), /) -> Answer:
    """Runs side by side: all of TORCHBOOK_HOME, or the ones that are named.

    Args:
        paths: folders or names of runs.
    """
    from torchbook.home import home
    from torchbook.run import Run

    found, unread = [], []
    for path in paths or [file.parent for file in (home() / "runs").glob("*/recipe.json")]:
        try:
            found.append(_compared(Run.open(path)))
        except TorchbookError as error:
            if paths:
                raise
            unread.append(f"{Path(path).name} cannot be read: {error}")
    if not paths:
        found.sort(key=lambda rows: (rows[0]["created"], rows[0]["name"]))
    rows = [row for rows in found for row in rows]
    table = Table(box=None, pad_edge=False, collapse_padding=True, header_style="bold")
    for title in ("run", "recipe", "data", "epochs", "test", "seconds", "created"):
        side: Literal["left", "right"] = "right" if title in ("epochs", "seconds") else "left"
        table.add_column(title, overflow="fold", justify=side, no_wrap=title in ("test", "created"))
    for row in rows:
        test = _told(row["test"])
        seconds = f"{row['seconds']:.1f}" if row["seconds"] is not None else ""
        table.add_row(
            row["name"],
            row["recipe"],
            row["data"],
            str(row["epochs"] or ""),
            test or row["state"],
            seconds,
            _local_time(row["created"]),
        )
    told = [table] if rows else [] if unread else ["there are no runs yet; try: torchbook train mlp"]
    return Answer({"runs": rows, "unread": unread}, Group(*told, *unread))


def _local_time(time: str) -> str:
    """A time of the world as a clock on the wall shows it."""
    try:
        return f"{datetime.fromisoformat(time).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return ""


def _compared(run: Any) -> list[dict[str, Any]]:
    children = run.children()
    if children:
        return [row | {"name": f"{run.path.name}/{row['name']}"} for child in children for row in _compared(child)]
    result, entries = run.result or {}, run.entries()
    return [
        {
            "name": run.path.name,
            "run": str(run.path),
            "recipe": run.recipe,
            "data": str(run.about["arguments"].get("data", "")),
            "epochs": entries[-1]["epoch"] if entries else None,
            "test": result.get("test", {}),
            "seconds": result.get("seconds"),
            "state": "finished" if result else "stopped",
            "created": str(run.about.get("created", "")),
        }
    ]


def doctor() -> Answer:
    """What this machine has, what was chosen for it, and why."""
    import shutil

    import psutil

    from torchbook.device import choose, machine
    from torchbook.home import home, own_files
    from torchbook.speed import decided, peak

    choice, memory = choose(), psutil.virtual_memory()
    kept = home()
    own = own_files()
    kept.mkdir(parents=True, exist_ok=True)
    data = {
        **machine(),
        "device": choice.device,
        "number_format": choice.number_format,
        "threads": choice.threads,
        "reason": choice.reason,
        "decided": decided(),
        # Measured again, since it may have been measured while the machine was busy.
        "peak_gflops": choice.peak and peak(choice.number_format, choice.device, again=True),
        "memory_free_gb": round(memory.available / 2**30, 1),
        "home": str(kept),
        "home_free_gb": round(shutil.disk_usage(kept).free / 2**30, 1),
        "own_files": str(own) if own else None,
        "runs": len(list((kept / "runs").glob("*/recipe.json"))),
    }
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold")
    table.add_column()
    for key, value in data.items():
        if key == "own_files":
            value = value or "none (TORCHBOOK_DATA names a folder of files that you already have)"
        table.add_row(key.replace("_", " ").replace(" gb", " (GB)"), str(value))
    return Answer(data, table)
