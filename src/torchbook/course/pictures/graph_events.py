"""The events of a computation with gradients, which a `Tape` records and a `Graph` shows."""

from dataclasses import dataclass, field
from typing import Any, Literal

from torch import Tensor


@dataclass(eq=False)
class Node:
    """A tensor of the graph, with the values it had when it was made or first used.

    `sign` is the operation that made it (`mul`, `tanh`; empty for a tensor that was given) and `operands` what it was
    made of, nodes and plain numbers in order. `asked` is True if it has a gradient, and `why` says why not. `flows`
    are the sources to which a gradient can go back, `gradient` is the `.grad` that a given tensor already had, and
    `turn` counts the forward passes.
    """

    value: Tensor
    sign: str = ""
    operands: tuple[Any, ...] = field(default=(), repr=False)
    asked: bool = False
    why: str = ""
    flows: tuple["Node", ...] = field(default=(), repr=False)
    gradient: Tensor | None = None
    name: str = ""
    turn: int = 0

    @property
    def sources(self) -> tuple["Node", ...]:
        """The nodes that it was made of, each once."""
        return tuple(dict.fromkeys(operand for operand in self.operands if isinstance(operand, Node)))

    @property
    def leaf(self) -> bool:
        """True if it was given, not computed, and requires a gradient: only leaves keep theirs in `.grad`."""
        return self.asked and not self.operands


@dataclass(frozen=True)
class Made:
    """A node was computed."""

    node: Node


@dataclass(frozen=True)
class Began:
    """`backward` was called on a node."""

    node: Node


@dataclass(frozen=True)
class Arrived:
    """A gradient is complete at a node and goes on: `parts` are the gradients its sources get, `slopes` how the node
    changes with it, one tensor for each way. Slopes are known where the node is a single number."""

    node: Node
    gradient: Tensor
    parts: dict[Node, tuple[Tensor, ...]]
    slopes: dict[Node, tuple[Tensor, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Changed:
    """A leaf has changed: a gradient was "added" to its `.grad`, its `.grad` was "cleared", or its own numbers were
    "updated"."""

    node: Node
    what: Literal["added", "cleared", "updated"]
    before: Tensor | None
    after: Tensor | None


@dataclass(frozen=True)
class Ended:
    """`backward` is done. `kept` are nodes in the middle that keep their gradient too (`retain_grad`), and `graph_kept`
    says whether the graph may be used again (`retain_graph`)."""

    node: Node
    kept: tuple[Node, ...] = ()
    graph_kept: bool = False


@dataclass(frozen=True)
class Noted:
    """A remark by the author."""

    text: str


Event = Made | Began | Arrived | Changed | Ended | Noted
