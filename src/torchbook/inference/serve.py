"""A run's model as a small web service on this machine: a page to drop a file on, and the same for programs."""

import csv
import io
import json
import re
import threading
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from torchbook.data.tables.table_rows import needed_columns
from torchbook.errors import TorchbookError
from torchbook.inference.predict import Trained, load_predictor, predictions
from torchbook.run import Run

# A photograph of a camera has up to 20 MB, a scan more.
LARGEST = 200 << 20
HERE = Path(__file__).parent


def application(run: Run) -> Starlette:
    """An application that says what the run's model says; the model is loaded once.

    `GET /` is a page for people. `GET /model` says as JSON what the model takes and which classes or targets it knows.
    `POST /predict?name=FILE` takes the content of a file as its body and returns `{"predictions": [...]}`, as `predict`
    does; of a model of tables it also takes JSON, a list of rows by the names of the columns. What cannot be used is
    answered with status 400 and `{"error": "..."}`.

    Raises:
        TorchbookError: the run has no model that predicts.
    """
    trained = load_predictor(run)
    about = description(run, trained)
    turn = threading.Lock()  # one after the other: a model computes on all cores

    def answered(name: str, content: bytes) -> list[dict[str, Any]]:
        with TemporaryDirectory(prefix="torchbook-") as folder:
            file = Path(folder) / name
            file.write_bytes(content)
            try:
                with turn:
                    answers = predictions(trained, [file])
            except TorchbookError as error:
                raise TorchbookError(str(error).replace(f"{file}", name)) from None
        return [answer | {"file": name} for answer in answers]

    async def predicted(request: Request) -> Response:
        name = _file_name(request.query_params.get("name", ""))
        content = await request.body()
        if request.headers.get("content-type", "").startswith("application/json") and not name:
            name, content = "rows.csv", _rows_as_csv(content)
        if not name:
            raise TorchbookError("the address must name the file whose content is sent: /predict?name=photo.jpg")
        return JSONResponse({"predictions": await run_in_threadpool(answered, name, content)})

    async def model(_: Request) -> Response:
        return JSONResponse(about)

    async def page(_: Request) -> Response:
        text = (HERE / "serve.html").read_text(encoding="utf-8")
        parts = {"name": str(about["run"]), "takes": str(about["takes"]), "columns": ",".join(about.get("columns", ()))}
        for part, value in parts.items():
            text = text.replace(f"[[{part}]]", escape(value))
        return HTMLResponse(text)

    async def script(_: Request) -> Response:
        return FileResponse(HERE / "serve.js", media_type="text/javascript")

    routes = [
        Route("/", page),
        Route("/serve.js", script),
        Route("/model", model),
        Route("/predict", predicted, methods=["POST"]),
    ]
    return Starlette(routes=routes, exception_handlers={TorchbookError: _refused, HTTPException: _refused})


def description(run: Run, trained: Trained) -> dict[str, Any]:
    """What a model takes and says: its run, recipe and task, `takes` in words, `columns` of a table, and its classes or
    targets."""
    card, shape = trained.card, trained.sample_shape
    about: dict[str, Any] = {"run": run.path.name, "recipe": run.recipe, "task": card.task}
    if "array" in card.extra:
        about["takes"] = f"a file of arrays, each row of shape {list(shape)}"
    elif card.kind == "images":
        colours = "grey" if shape[0] == 1 else "in colour"
        about["takes"] = f"a picture, which is brought to {shape[2]} x {shape[1]} pixels, {colours}"
    elif card.kind == "volumes":
        about["takes"] = f"a volume in one file, which is brought to {' x '.join(map(str, shape[1:]))} voxels"
    else:
        columns = needed_columns(card.extra) if "columns" in card.extra else list(card.features)
        about |= {"takes": f"a CSV file with the columns {', '.join(columns)}", "columns": columns}
    return about | ({"targets": list(card.targets)} if card.task == "regression" else {"classes": list(card.classes)})


def _file_name(given: str) -> str:
    """The last part of a name, without anything that a path could be made of."""
    return re.sub(r"[^\w. ()-]", "_", re.split(r"[/\\]", given)[-1]).lstrip(".")[-100:]


def _rows_as_csv(content: bytes) -> bytes:
    """Rows by the names of their columns, sent as JSON, as the CSV file that they would be."""
    try:
        rows = json.loads(content)
    except (ValueError, RecursionError):
        raise TorchbookError("the body is no JSON") from None
    rows = [rows] if isinstance(rows, dict) else rows
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) and row for row in rows):
        raise TorchbookError('expected a list of rows by the names of their columns: [{"reading": 55.9}]')
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    sheet = csv.DictWriter(text, columns, restval="")
    sheet.writeheader()
    sheet.writerows(rows)
    return text.getvalue().encode()


async def _refused(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    return JSONResponse({"error": error.detail if isinstance(error, HTTPException) else str(error)}, status_code=status)
