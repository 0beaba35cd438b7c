"""Advice on attributes of models, layers, optimizers, loaders, state dicts and checkpoints."""

import ast
from types import ModuleType
from typing import Any

import torch
from torch import nn, optim
from torch.utils.data import DataLoader

from torchbook.explain.failing_code import definition
from torchbook.explain.near_names import names_of, nearest
from torchbook.explain.objects import is_state_dict
from torchbook.explain.rule import Match

_NEXT = "Write `next(iterator)` instead of `iterator.next()`."
_LOOP = (
    "A model of PyTorch is trained by a loop that you write: predict, loss, `loss.backward()`, `optimizer.step()`, "
    "`optimizer.zero_grad()`; torchbook's `train` is such a loop."
)
OPTIMIZER_METHOD = "That belongs to the optimizer: `optimizer.{name}()`."
OF_KERAS = {
    "fit": _LOOP,
    "compile_fit": _LOOP,
    "fit_generator": _LOOP,
    "evaluate": "Write the loop over the validation batches yourself, inside `with torch.no_grad():`.",
    "predict": "A model of PyTorch is called: `model(x)`, after `model.eval()` and inside `with torch.no_grad():`.",
    "predict_proba": "A model of PyTorch is called: `torch.softmax(model(x), dim=1)`.",
    "score": "Compare yourself: `(model(x).argmax(dim=1) == labels).float().mean()`.",
    "summary": "Print the model itself: `print(model)`.",
    "backward": "Call it on the loss: `loss.backward()`.",
    "step": OPTIMIZER_METHOD.format(name="step"),
    "save": "Save its weights: `torch.save(model.state_dict(), path)`.",
    "load": "Load weights into it: `model.load_state_dict(torch.load(path, weights_only=True))`.",
    "save_weights": "Save its weights: `torch.save(model.state_dict(), path)`.",
    "load_weights": "Load weights into it: `model.load_state_dict(torch.load(path, weights_only=True))`.",
    "add": "Name all layers at once, `nn.Sequential(a, b)`, or use `model.append(layer)`.",
    "shape": "A layer has no shape; its weights do: `layer.weight.shape`. Was it called, `layer(x)`?",
    "weights": "The weights of one layer are `layer.weight`, all of a model `model.parameters()`.",
    "layers": "The layers of a model are `model.children()`, with their names `model.named_children()`.",
    "device": "A model has no device of its own; its parameters do: `next(model.parameters()).device`.",
    "grad": "Gradients belong to the parameters: `layer.weight.grad`.",
    "grads": "Gradients belong to the parameters: `layer.weight.grad`.",
    "item": "This is the layer or loss itself: call it with its inputs first, `loss = criterion(predictions, labels)`.",
}


def of_state_dict(match: Match, owner: Any, name: str, source: str) -> str:
    """Returns the advice for a state dict that was taken for a model."""
    if not is_state_dict(owner):
        return ""
    return (
        "These are only the weights, a state dict. Build the model first and load them into it: `net = Net()`, "
        f"`net.load_state_dict({source})`."
    )


def of_mapping(match: Match, owner: Any, name: str, source: str) -> str:
    """Returns the advice for a dictionary that was asked for an attribute."""
    if not isinstance(owner, dict):
        return ""
    if name in owner:
        return f"Entries of a dictionary are taken with square brackets: `{source}['{name}']`."
    if weights := next((key for key, value in owner.items() if is_state_dict(value)), None):
        return (
            "This is a whole checkpoint, not a model. Build the model and load its weights: "
            f"`model.load_state_dict({source}['{weights}'])`."
        )
    old = {"has_key": f"`key in {source}`", "iteritems": f"`{source}.items()`", "append": f"`{source}[key] = value`"}
    return f"For a dictionary it is {old[name]}." if name in old else ""


def of_module(match: Match, owner: Any, name: str, source: str) -> str:
    """Returns the advice for a model or a layer, or another part of torch."""
    if isinstance(owner, ModuleType) or not isinstance(owner, nn.Module):
        return _part_of_torch(match, owner, name, source)
    if isinstance(owner, nn.DataParallel | nn.parallel.DistributedDataParallel) and hasattr(owner.module, name):
        return f"The model itself is inside the wrapper: `{source}.module.{name}`."
    if advice := misnamed_init(type(owner)):
        return advice
    initialiser = vars(type(owner)).get("__init__")
    tree = definition(initialiser)
    if initialiser is not None and tree is not None and name in initialiser.__code__.co_varnames:
        return f"In `__init__` it is a name of that function only: store it in the object, `self.{name} = ...`."
    own = [other for other in names_of(owner) if not hasattr(nn.Module, other) or name in OF_KERAS]
    near = nearest(name, [other for other in own if not other.startswith("_") or name.startswith("_")])
    if near and name not in OF_KERAS:
        return f"Did you mean `{near}`?"
    if name == "backward" and isinstance(owner, nn.modules.loss._Loss):
        called = source if source.isidentifier() and source != "loss" else "criterion"
        made = "" if called == source else f"make it by `criterion = nn.{type(owner).__name__}()`, "
        return (
            f"This is the function that computes losses, not a loss: {made}store what it returns, `loss = {called}("
            "predictions, labels)`, and call `loss.backward()`."
        )
    if name in OF_KERAS:
        return OF_KERAS[name]
    if near := nearest(name, [other for other in dir(nn.Module) if not other.startswith("_")]):
        return f"Did you mean `{near}`?"
    layers = [layer for layer, _ in owner.named_children()]
    activation = next((kind for kind in dir(nn) if kind.casefold() == name.casefold()), "")
    if activation and tree is not None and callable(getattr(torch, name, getattr(nn.functional, name, None))):
        return (
            f"Make it in `__init__`, `self.{name} = nn.{activation}()`, or call the function: "
            f"`{'torch' if hasattr(torch, name) else 'F'}.{name}(x)`."
        )
    if layers and source == "self" and tree is not None:
        return f"Make it in `__init__`, `self.{name} = ...`; the layers that are there are called {quoted(layers)}."
    if layers:
        return f"Its layers are called {quoted(layers)}; `print({source})` shows them."
    return f"It is not set in `__init__`: store it there, `self.{name} = ...`." if tree is not None else ""


def misnamed_init(owner: type) -> str:
    """Returns the advice for a class whose `__init__` is spelt wrongly, "" if there is none."""
    own = [name for name, value in vars(owner).items() if definition(value) is not None and name != "__init__"]
    for name in own:
        bare = name.strip("_")
        if "__init__" not in vars(owner) and bare in (
            "init",
            "int",
            "inti",
            "innit",
            "initialize",
            "initialise",
            "ini",
        ):
            return (
                f"The class has a method `{name}`, which Python never calls by itself: it is `__init__`, with two "
                "underscores on each side."
            )
    return ""


def no_module(kind: type, name: str) -> str:
    """Returns the advice for a class of the program that should be a module of torch and is none, "" for others."""
    if issubclass(kind, nn.Module) or kind.__module__.partition(".")[0] in ("torch", "builtins"):
        return ""
    begin = definition(vars(kind).get("__init__"))
    has_layers = begin is not None and any(
        isinstance(part, ast.Call) and ast.unparse(part.func).startswith(("nn.", "torch.nn."))
        for part in ast.walk(begin)
    )
    if not ("forward" in vars(kind) or has_layers) or not (name == "__call__" or hasattr(nn.Module, name)):
        return ""
    if name == "__call__":
        return f"Only a module can be called so: let it inherit from `nn.Module`, `class {kind.__name__}(nn.Module):`."
    return f"Only a module has it: let the class inherit from `nn.Module`, `class {kind.__name__}(nn.Module):`."


def _part_of_torch(match: Match, owner: Any, name: str, source: str) -> str:
    if isinstance(owner, optim.Optimizer):
        if name == "backward":
            return OF_KERAS["backward"]
        if name in ("lr", "learning_rate"):
            return f"The learning rate is in the groups of parameters: `{source}.param_groups[0]['lr']`."
        if name == "parameters":
            return "The parameters belong to the model: `model.parameters()`."
    if isinstance(owner, DataLoader) and name in ("shape", "size", "x", "data", "next"):
        return f"A data loader gives batch after batch: `for x, y in {source}:`, or one with `next(iter({source}))`."
    kind = type(owner).__name__
    if kind in ("_SingleProcessDataLoaderIter", "_MultiProcessingDataLoaderIter") and name == "next":
        return _NEXT
    if kind == "_IncompatibleKeys":
        return (
            "`load_state_dict` changes the model and returns a report. Write it in a line of its own, without `model =`"
            " before it."
        )
    if kind in ("generator", "map", "zip", "filter"):
        return f"Make a list of it first: `list({source})`."
    return ""


def quoted(names: list[str], most: int = 6) -> str:
    """Returns names in quotes, the first few of many."""
    first = ", ".join(f"`{name}`" for name in names[:most])
    return first + (f" and {len(names) - most} more" if len(names) > most else "")
