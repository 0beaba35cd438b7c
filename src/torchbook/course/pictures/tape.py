"""Records a computation with gradients as PyTorch does it: each operation and each gradient, in order."""

import sys
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from torchbook.course.pictures.graph_events import Arrived, Began, Changed, Ended, Event, Made, Node, Noted


class Tape(TorchFunctionMode):
    """A recorder of what is computed with tensors in a `with` block, and of every gradient of a `backward` in it.

        with Tape() as tape:
            y = w * x + b
            y.backward()

    Values and gradients are those of torch itself, seen as they pass. Tensors are called as the variables that hold
    them at the end of the block; names that are given, as in `Tape(w=model.weight)`, come first.
    """

    def __init__(self, **names: Tensor):
        super().__init__()
        self.events: list[Event] = []
        self._names = names
        self._nodes: dict[int, Node] = {}  # by the id of the tensor, which cannot be another's while it is kept below
        self._tensors: dict[Node, Tensor] = {}
        self._functions: dict[Any, Node] = {}  # by the function that stands for the tensor in autograd's graph
        self._leaves: dict[Node, tuple[Tensor | None, Tensor]] = {}  # `.grad` and numbers when last looked at
        self._turn, self._graph_is_gone = 0, False

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes of all tensors in the recording."""
        return tuple(self._tensors)

    def note(self, text: str) -> None:
        """Adds a remark at this point of the recording."""
        self.events.append(Noted(text))

    def __exit__(self, *error: Any) -> None:
        super().__exit__(*error)
        self._look_at_leaves()
        frame = sys._getframe(1)
        while frame.f_back and frame.f_globals["__name__"].startswith("jaxtyping"):  # where shapes are being checked
            frame = frame.f_back
        for name, value in (frame.f_locals | self._names).items():
            node = self._nodes.get(id(value)) if isinstance(value, Tensor) else None
            if node is not None and (not node.name or name in self._names):
                node.name = name.split("_", 3)[-1] if name.startswith("_cell_") else name

    def __torch_function__(self, func: Callable, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        kwargs = kwargs or {}
        name = getattr(func, "__name__", "")
        if func is Tensor.backward:
            return self._backward(*args, **kwargs)
        if name in ("__get__", "__set__", "requires_grad_"):
            result = func(*args, **kwargs)
            self._look_at_leaves()
            return result
        operands = tuple(
            self._node(operand) if isinstance(operand, Tensor) else operand
            for operand in _tensors_and_numbers((args, [*kwargs.values()]))
        )
        silent = not torch.is_grad_enabled()
        result = func(*args, **kwargs)
        self._look_at_leaves()
        if any(isinstance(operand, Node) for operand in operands):
            for output in _tensors_and_numbers([result]):
                if isinstance(output, Tensor):
                    self._made(output, name, operands, silent)
        return result

    def _node(self, tensor: Tensor) -> Node:
        """Returns the node of a tensor; makes one for a new tensor."""
        node = self._nodes.get(id(tensor))
        if node is None:
            why = "" if tensor.requires_grad else "nobody asked for it"
            node = Node(tensor.detach().clone(), asked=tensor.requires_grad, why=why, turn=self._turn)
            self._keep(tensor, node)
            if node.asked and tensor.is_leaf:
                node.gradient = _copy(tensor.grad)
                self._leaves[node] = (node.gradient, node.value)
        return node

    def _keep(self, tensor: Tensor, node: Node) -> None:
        self._nodes[id(tensor)], self._tensors[node] = node, tensor
        if tensor.requires_grad:
            self._functions[torch.autograd.graph.get_gradient_edge(tensor).node] = node

    def _made(self, output: Tensor, name: str, operands: tuple, silent: bool) -> None:
        in_place = name.endswith("_")
        if (recorded := self._nodes.get(id(output))) and (recorded in self._leaves or not in_place):
            return  # a leaf, whose change has been noticed; or the operation gave back what it got
        if self._graph_is_gone:
            self._turn, self._graph_is_gone = self._turn + 1, False
        node = Node(output.detach().clone(), name.strip("_"), operands, output.requires_grad, turn=self._turn)
        node.flows = tuple(
            dict.fromkeys(self._functions[source] for source in _next_recorded(output.grad_fn, self._functions))
        )
        if not node.asked:
            lost = any(source.asked for source in node.sources)
            node.why = "nothing in it has a gradient" if not lost else "no_grad" if silent else "detach"
        self._keep(output, node)
        self.events.append(Made(node))

    def _backward(self, root: Tensor, *args: Any, **kwargs: Any) -> None:
        """Runs `backward` with a hook on each function of the graph, and records the gradients on their way."""
        graph = list(_walk(root.grad_fn))
        slopes = {function: self._slopes(function) for function in graph if function in self._functions}
        arrived: list[tuple[Any, Tensor | None]] = []
        handed: dict[Any, tuple] = {}
        before = {node: _copy(self._tensors[node].grad) for node in self._leaves}
        hooks = []
        for function in graph:
            hooks.append(
                function.register_prehook(
                    lambda coming, function=function: arrived.append((function, _copy(coming[0])))
                )
            )
            hooks.append(function.register_hook(lambda going, _, function=function: handed.update({function: going})))
        try:
            root.backward(*args, **kwargs)
        finally:
            for hook in hooks:
                hook.remove()
        self.events.append(Began(self._node(root)))
        for function, gradient in arrived:
            if (node := self._functions.get(function)) is None or gradient is None:
                continue
            if node in self._leaves:
                after = _copy(self._tensors[node].grad)
                self.events.append(Changed(node, "added", before[node], after))
                self._leaves[node] = (after, self._leaves[node][1])
            else:
                self.events.append(Arrived(node, gradient, self._parts(function, handed), slopes[function]))
        retaining = tuple(
            self._functions[function] for function in slopes if self._tensors[self._functions[function]].retains_grad
        )
        retained = bool(kwargs.get("retain_graph", args[1:2] and args[1]))
        self._graph_is_gone = not retained
        self.events.append(Ended(self._node(root), retaining, retained))

    def _parts(self, function: Any, handed: dict[Any, tuple]) -> dict[Node, tuple[Tensor, ...]]:
        """Returns the gradients a function hands to each source, also through functions without a recorded tensor."""
        parts: dict[Node, tuple[Tensor, ...]] = {}
        for (following, _), gradient in zip(function.next_functions, handed.get(function, ())):
            if following is None or gradient is None:
                continue
            if node := self._functions.get(following):
                parts[node] = (*parts.get(node, ()), gradient.detach().clone())
            else:
                for node, more in self._parts(following, handed).items():
                    parts[node] = parts.get(node, ()) + more
        return parts

    def _slopes(self, function: Any) -> dict[Node, tuple[Tensor, ...]]:
        """Returns the derivatives of a single number by each source: what its function returns for a gradient of 1."""
        node = self._functions[function]
        if node in self._leaves or node.value.numel() != 1:
            return {}
        with torch.no_grad():
            try:
                handed = function(torch.ones_like(node.value))
            except RuntimeError:  # the graph is no longer there: `backward` itself is about to say so
                return {}
        return self._parts(function, {function: handed if isinstance(handed, tuple) else (handed,)})

    def _look_at_leaves(self) -> None:
        """Records changes of the leaves, by an optimizer, an assignment or an operation in place."""
        for node, (gradient, value) in self._leaves.items():
            tensor = self._tensors[node]
            new_gradient, new_value = _copy(tensor.grad), tensor.detach().clone()
            if not _equal(new_gradient, gradient):
                self.events.append(Changed(node, "cleared", gradient, new_gradient))
            if not _equal(new_value, value):
                self.events.append(Changed(node, "updated", value, new_value))
            self._leaves[node] = (new_gradient, new_value)


def _tensors_and_numbers(items: Any) -> Iterator[Any]:
    """Yields the tensors and numbers in nested lists and tuples."""
    for item in items:
        if isinstance(item, list | tuple):
            yield from _tensors_and_numbers(item)
        elif isinstance(item, Tensor | int | float) and not isinstance(item, bool):
            yield item


def _walk(function: Any, visited: set | None = None) -> Iterator[Any]:
    """Yields all functions of a graph."""
    visited = set() if visited is None else visited
    if function is not None and function not in visited:
        visited.add(function)
        yield function
        for following, _ in function.next_functions:
            yield from _walk(following, visited)


def _next_recorded(function: Any, recorded: Any) -> Iterator[Any]:
    """Yields the next functions with a recorded tensor. An operation such as `linear` is made of several, of which only
    the last has one."""
    for following, _ in function.next_functions if function is not None else ():
        if following in recorded:
            yield following
        else:
            yield from _next_recorded(following, recorded)


def _copy(tensor: Tensor | None) -> Tensor | None:
    return None if tensor is None else tensor.detach().clone()


def _equal(first: Tensor | None, second: Tensor | None) -> bool:
    if first is None or second is None:
        return first is second
    return first.shape == second.shape and torch.equal(first, second)
