"""The commands: where each is found, and what it does. A new command is a row here."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Command:
    """Where a command is found, which is imported only when it is given, and what it does.

    One that `reads_words` is handed the words after its name: which options it has depends on them.
    """

    place: str
    about: str
    reads_words: bool = False


GROUPS: Mapping[str, Mapping[str, Command]] = {
    "train and use models": {
        "tour": Command("tour:tour", "from a straight line to a GAN in three minutes, with a report"),
        "recipes": Command("commands:recipes", "the experiments: what each shows, on which data, at which cost"),
        "train": Command("commands:train", "run a recipe: torchbook train mlp --data digits --epochs 5", True),
        "resume": Command("commands:resume", "go on with a run that was stopped, as if it had not been"),
        "evaluate": Command("commands:evaluate", "measure a run's model on its test set"),
        "predict": Command("commands:predict", "what a run's model says of your own files"),
        "serve": Command("commands:serve", "a run's model as a web service, with a page to try it"),
        "generate": Command("commands:generate", "new pictures from a trained generator"),
        "export": Command("commands:export", "a run's model as pt2, onnx or safetensors, for use elsewhere"),
        "data": Command("data.card.command:data", "the data sets, the card of yours, what may be wrong with it", True),
        "runs": Command("commands:runs", "compare runs side by side"),
    },
    "learn": {
        "learn": Command("course.site.command:learn", "open the course in the browser"),
        "lab": Command("course.export.lab:lab", "your copy of a lesson as a notebook: torchbook lab 08"),
        "lessons": Command("course.export:lessons", "the lessons as notebooks, pages or Markdown files", True),
        "start": Command("course.terminal.commands:start", "make a folder for the exercises, or bring one up to date"),
        "check": Command("course.terminal.commands:check", "check your answer; --watch checks at every save"),
        "hint": Command("course.terminal.commands:hint", "the next hint for an exercise, from vague to concrete"),
        "solution": Command("course.terminal.commands:solution", "the solution beside your answer, after three tries"),
        "reset": Command("course.terminal.commands:reset", "begin an exercise again; your answer is kept"),
        "progress": Command("course.terminal.commands:progress", "the course as a tree: done, and what to review"),
        "quiz": Command("course.terminal.quiz:quiz", "answer the questions of a lesson: torchbook quiz 01"),
        "glossary": Command("course.terminal.commands:glossary", "what a term means: torchbook glossary broadcasting"),
    },
    "this machine, and exercises of your own": {
        "doctor": Command("commands:doctor", "what this machine has, what was chosen for it, and why"),
        "author": Command(
            "course.authoring.author:author", "check your exercises and lessons: torchbook author check FOLDER"
        ),
    },
}
COMMANDS: Mapping[str, Command] = {name: command for group in GROUPS.values() for name, command in group.items()}
