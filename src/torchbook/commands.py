"""The commands of the workbench: each a thin layer over a public function."""

import shlex
import shutil
import sys
import textwrap
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from torchbook import signature
from torchbook.command_answer import Answer
from torchbook.command_arguments import CommandLine, value_of
from torchbook.data.source import Source
from torchbook.errors import TorchbookError
from torchbook.measure_text import measure_text, per_cent
from torchbook.options import typed
from torchbook.recipes.start import cost, defaults, described, names
from torchbook.recipes.start import evaluate as evaluate_run
from torchbook.recipes.start import resume as resume_run
from torchbook.recipes.start import start as start_run

if TYPE_CHECKING:
    from torchbook.run_folder import RunFolder


def recipes() -> Answer:
    """The recipes with what they show, their data and their cost."""
    rows = [
        {"recipe": name, "data": defaults(name)["data"], "cost": cost(name), "about": described(name).headline}
        for name in names()
    ]
    width = min(shutil.get_terminal_size().columns, 100)
    lines = []
    for row in rows:
        lines.append(f"{row['recipe']:19}  {row['data']:13}  {row['cost']}")
        lines += textwrap.wrap(
            row["about"], width, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False
        )
    lines += ["", "torchbook train RECIPE runs one; torchbook train RECIPE --help lists its options"]
    return Answer({"recipes": rows}, "\n".join([f"{'recipe':19}  {'data':13}  cost, and what it shows", *lines]))


def train(words: list[str]) -> Answer:
    """Runs a recipe; its own arguments, those of its data, and those of the run are options."""
    if not words or words[0] in ("-h", "--help"):
        listed = textwrap.fill(f"recipes: {', '.join(names())}", 80, subsequent_indent="    ")
        hint = "torchbook recipes says what each shows; torchbook train RECIPE --help lists its options"
        return Answer(
            {"recipes": names()}, f"torchbook train RECIPE [options]\n\n{listed}\n\n{textwrap.fill(hint, 80)}"
        )
    name, *rest = words
    source = Source.of(value_of("data", rest) or defaults(name)["data"])
    recipe = described(name).without("run")
    # What the recipe sets itself is no option of its data.
    of_data = source.loader.signature.without("path", "seed", "gate", "pixels", *recipe.parameters)
    groups = {"options of the recipe": recipe, f"options of {source.name}": of_data, "options of the run": OF_RUN}
    line = CommandLine(f"torchbook train {name}", recipe.doc, groups)
    if (help_text := line.help(rest)) is not None:
        return help_text
    given = line.arguments(rest)
    for_data = {key: given.pop(key) for key in of_data.parameters if key in given}
    for_run = {key: given.pop(key) for key in OF_RUN.parameters if key in given}
    return _trained(name, given | {"data": source.asking(**for_data) if for_data else source}, **for_run)


def _trained(
    recipe: str,
    arguments: dict[str, Any],
    *,
    name: str | None = None,
    device: str | None = None,
    number_format: Literal["float32", "bfloat16"] | None = None,
    tune: bool = True,
) -> Answer:
    from torchbook.device import choose
    from torchbook.display import TrainingBar

    choice = choose(device, number_format=number_format)
    data = arguments["data"]
    by_default = data == defaults(recipe)["data"]
    time = f"about {cost(recipe)} on two cores" if by_default else "the bar will tell how long"
    print(
        f"{recipe} on {data}: {time}; on {choice.device}, convolutions in {choice.number_format}, as {choice.reason}",
        file=sys.stderr,
    )
    with TrainingBar() as bar:
        return finished(start_run(recipe, arguments, name=name, choice=choice, tune=tune, show=bar))


OF_RUN = signature.of(_trained).without("recipe", "arguments")


def resume(run: str, /, *, data: Path | None = None) -> Answer:
    """Goes on with a run that was stopped, as if it had not been.

    Args:
        run: the folder of the run, or its name.
        data: where its data are now, if they were moved.
    """
    from torchbook.display import TrainingBar
    from torchbook.run_folder import RunFolder

    if RunFolder.open(run).result is not None:
        print(f"{run} was finished before, nothing was trained; its result:", file=sys.stderr)
    with TrainingBar() as bar:
        return finished(resume_run(run, data=data, show=bar))


def finished(result: dict[str, Any]) -> Answer:
    """Returns the result of a recipe as an answer."""
    from rich.console import Group
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    parts = result.get("runs", [result])
    for title in ("run", "test", "baseline", "parameters", "seconds"):
        table.add_column(title, overflow="fold")
    for part in parts:
        measures, baseline = _in_words(part.get("test", {})), _in_words(part.get("baseline", {}))
        if "floor" in part:
            measures, baseline = f"{measures}  (floor {part['floor']:.3g})", ""
        if "verdict" in part:
            measures = f"{measures}  {part['verdict']}"
        parameters, seconds = (f"{part[key]:{form}}" if key in part else "" for key, form in _COLUMNS)
        table.add_row(Path(part["run"]).name, measures, baseline, parameters, seconds)
    notes = [typed(note) for part in parts[:1] for note in part.get("notes", [])]
    if len(notes) > MOST_LINES:
        card = Path(result["run"]) / "card.md"
        notes[MOST_LINES:] = [f"and {len(notes) - MOST_LINES:,} more, in {card}" if card.is_file() else "and more"]
    notes += [line for part in parts for line in _by_class(part)]
    notes += [_findings(parts[0])] if parts[0].get("findings") else []
    notes += [_speed(result)] if "samples_per_second" in result else []
    return Answer(result, Group(table, *notes, f"the run is in {result['run']}"))


# Longer lists end here, and say where the rest is.
MOST_LINES = 10


def _by_class(result: dict[str, Any]) -> list[str]:
    """A line on how each class fares where they are unequal, those that fare worst first."""
    shares = result.get("recall")
    if not shares:
        return []
    worst = sorted(shares.items(), key=lambda pair: pair[1])[:MOST_LINES]
    named = ", ".join(f"{name} {per_cent(share, digits=1)}" for name, share in worst)
    more = f" and {len(shares) - len(worst):,} more in result.json" if len(shares) > len(worst) else ""
    balanced = f"balanced accuracy {per_cent(result['balanced_accuracy'], digits=1)}"
    return [f"The classes are unequal; found of each: {named}{more}; {balanced}."]


def _findings(result: dict[str, Any]) -> str:
    """A line with the worst of what needs a second look in the data, and where the rest is."""
    from torchbook.run_folder import RunFolder

    data = RunFolder.open(result["run"]).about["arguments"]["data"]
    worst, *others = result["findings"]
    first = f"{len(others) + 1} findings; the first: " if others else ""
    return f"▲ {first}{typed(worst)} Have a second look: torchbook data show {shlex.quote(data)}"


def _speed(result: dict[str, Any]) -> str:
    share = result.get("share_of_peak")
    of_peak = f", {per_cent(share)} of the peak of convolutions here" if share and share >= 0.01 else ""
    return f"{result['samples_per_second']:,.0f} samples a second{of_peak}"


# What else the result of a recipe has, and how it is written.
_COLUMNS = (("parameters", ","), ("seconds", ".1f"))
# Measures that a table has room for.
IN_TABLES = ("accuracy", "f1", "exact_match", "mse", "mae", "r2", "frechet", "classes_covered", "calibration_error")


def _in_words(measures: dict[str, Any]) -> str:
    shown = [(name, value) for name, value in measures.items() if name in IN_TABLES and isinstance(value, int | float)]
    return "  ".join(f"{name} {measure_text(name, value)}" for name, value in shown)


def evaluate(run: str, /, *, data: Path | None = None) -> Answer:
    """Measures a run's kept model on the test set of its data again.

    Args:
        run: the folder of the run, or its name.
        data: where its data are now, if they were moved.
    """
    return finished(evaluate_run(run, data=data))


def predict(run: str, files: tuple[Path, ...], /) -> Answer:
    """What a run's model says of your own pictures or volumes, or of the rows of a CSV file.

    Args:
        run: the folder of the run, or its name.
        files: pictures, volumes (also folders of slices), arrays, or CSV files with the columns that the model was
            trained on.
    """
    from rich.table import Table

    from torchbook.inference import predict as predictions
    from torchbook.run import Run

    if not files:
        raise TorchbookError("predict needs at least one file")
    answers = predictions(Run.open(run), list(files))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("file", "says", "probability", "next", ""):
        table.add_column(title)
    for answer in answers:
        where = Path(answer["file"]).name + (f", row {answer['row']}" if "row" in answer else "")
        notes = ", ".join(answer.get("notes", []))
        if "tags" in answer:
            likely = sorted(answer["probabilities"].items(), key=lambda pair: -pair[1])
            shares = ", ".join(f"{name} {per_cent(share, digits=1)}" for name, share in likely[:3])
            table.add_row(where, ", ".join(answer["tags"]) or "none of the tags", "", shares, notes)
            continue
        if "values" in answer:
            table.add_row(
                where, "  ".join(f"{key} {value:.4g}" for key, value in answer["values"].items()), "", "", notes
            )
            continue
        likely = sorted(answer["probabilities"].items(), key=lambda pair: -pair[1])
        following = ", ".join(f"{name} {per_cent(share, digits=1)}" for name, share in likely[1:3])
        table.add_row(where, answer["class"], per_cent(likely[0][1], digits=1), following, notes)
    return Answer({"run": run, "predictions": answers}, table)


def serve(
    run: str,
    /,
    *,
    port: int | None = None,
    no_browser: bool = False,
    host: str = "127.0.0.1",
    token: str | None = None,
) -> Answer:
    """A run's model as a small web service: a page to drop a file on, and the same for programs, until Ctrl-C.

    Args:
        run: the folder of the run, or its name.
        port: where it listens; without it 8008, or the next one that is free.
        no_browser: only print the address.
        host: the address to listen on; one that other machines reach needs a token.
        token: a word that every visitor must know; it is in the printed address, and a program sends it as
            `Authorization: Bearer TOKEN`.
    """
    from torchbook.guard import Guard
    from torchbook.inference.serve import LARGEST, application
    from torchbook.listen import address_of, check_reach, free_port, names_of, open_page, run_server
    from torchbook.run import Run

    check_reach(host, token, danger="who could use your model")
    app = application(Run.open(run))
    free = free_port(host, port)
    address = address_of(host, free, token)

    guarded = Guard(app, port=free, hosts=names_of(host), token=token, largest=LARGEST)
    ready = partial(open_page, "the model", address, in_browser=not no_browser)
    run_server(guarded, host=host, port=free, ready=ready)
    return Answer({"run": run, "address": address}, "the model is no longer served")


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
    from rich.console import Group
    from rich.table import Table

    from torchbook.home import home
    from torchbook.run_folder import RunFolder, run_folders

    groups: list[list[dict[str, Any]]] = []
    unread: list[str] = []
    for path in paths or run_folders(home() / "runs"):
        try:
            run = RunFolder.open(path)
            groups.append(_compared(run, unread))
        except Exception as error:  # one odd run costs that one, whatever is odd about it
            if paths:
                raise
            unread.append(f"{Path(path).name} cannot be read: {error}")
    if not paths:
        groups.sort(key=lambda rows: [(row["created"], row["name"]) for row in rows])
    rows = [row for group in groups for row in group]
    table = Table(box=None, pad_edge=False, collapse_padding=True, header_style="bold")
    for title in ("run", "recipe", "data", "epochs", "test", "seconds", "created"):
        side: Literal["left", "right"] = "right" if title in ("epochs", "seconds") else "left"
        table.add_column(title, overflow="fold", justify=side, no_wrap=title not in ("run", "test"))
    for row in rows:
        seconds = f"{row['seconds']:.1f}" if row["seconds"] is not None else ""
        table.add_row(
            row["name"],
            row["recipe"],
            Path(row["data"]).name,
            str(row["epochs"] or ""),
            _in_words(row["test"]) or row["state"],
            seconds,
            _local_time(row["created"]),
        )
    listed = [table] if rows else [] if unread else ["there are no runs yet; try: torchbook train mlp"]
    return Answer({"runs": rows, "unread": unread}, Group(*listed, *unread))


def _local_time(time: str) -> str:
    """A time with its zone as a clock on the wall shows it."""
    try:
        return f"{datetime.fromisoformat(time).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return ""


def _compared(run: "RunFolder", unread: list[str]) -> list[dict[str, Any]]:
    """The rows of a run, or of those inside it; what cannot be read of them is added to `unread`."""
    from torchbook.run_folder import RunFolder, run_folders

    rows = []
    inside = run_folders(run.path)
    for folder in inside:
        try:
            of_child = _compared(RunFolder.open(folder), unread)
        except Exception as error:  # as above
            unread.append(f"{run.path.name}/{folder.name} cannot be read: {error}")
            continue
        rows += [row | {"name": f"{run.path.name}/{row['name']}"} for row in of_child]
    if inside:
        return rows
    result, entries = run.result or {}, run.entries()
    unread += run.oddities
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
            "created": run.about.get("created", ""),
        }
    ]


def doctor(*, clean: bool = False) -> Answer:
    """What this machine has, what was chosen for it, and why.

    Args:
        clean: say what lies in TORCHBOOK_HOME, and free what is made again when it is needed.
    """
    if clean:
        from torchbook.home_contents import cleaned

        return cleaned()
    import psutil
    from rich.table import Table

    from torchbook.device import choose, machine
    from torchbook.home import home, own_files
    from torchbook.run_folder import run_folders
    from torchbook.speed import decided, peak

    choice, memory = choose(), psutil.virtual_memory()
    folder, own = home(), own_files()
    folder.mkdir(parents=True, exist_ok=True)
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
        "home": str(folder),
        "home_free_gb": round(shutil.disk_usage(folder).free / 2**30, 1),
        "own_files": str(own) if own else None,
        "runs": len(run_folders(folder / "runs")),
    }
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(style="bold")
    table.add_column()
    for key, value in data.items():
        if key == "own_files":
            value = value or "none (TORCHBOOK_DATA names a folder of files that you already have)"
        table.add_row(key.replace("_", " ").replace(" gb", " (GB)"), str(value))
    return Answer(data, table)
