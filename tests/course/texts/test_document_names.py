"""The names that code makes are those that are there when it has run."""

import pytest

from torchbook.course.texts.document_names import imports_of, names_of


@pytest.mark.parametrize(
    "source",
    [
        "x = 1\n(a, *b), c = (1, 2), 3",
        "import math, os.path as path\nfrom ast import parse as read",
        "def f(a, b=1):\n    inside = a\n    return inside",
        "class A:\n    member = 1\n    def method(self):\n        return self.member",
        "squares = [i * i for i in range(3) if i]\ntable = {k: v for k, v in zip('ab', 'cd')}",
        "[last := i for i in range(3)]",
        "for i in range(3):\n    j = i\nelse:\n    k = 0",
        "with open(__import__('os').devnull) as file:\n    pass",
        "match [1, 2]:\n    case [first, *rest]:\n        pass",
        "match {'a': 1}:\n    case {'a': one, **others}:\n        pass",
        "def set_it():\n    global made\n    made = 1\nset_it()",
        "f = lambda inside: inside + 1",
    ],
)
def test_names_that_are_made(source):
    namespace = {}
    exec(source, namespace)
    assert names_of(source).made == namespace.keys() - {"__builtins__"}


@pytest.mark.parametrize(
    "source, used",
    [
        ("x + 1", {"x"}),
        ("x = y\nx", {"y"}),
        ("def f(a, b=c) -> D:\n    return a + d + len(e)", {"c", "D", "d", "e"}),
        (
            "@mark\nclass A(Base, key=k):\n    member = outside\n    def m(self):\n        return far",
            {"mark", "Base", "k", "outside", "far"},
        ),
        ("[i * n for i in rows if i > limit]", {"n", "rows", "limit"}),
        ("f'{a!r:{width}}' + f'{{no}}'", {"a", "width"}),
        ("lambda a: a + free", {"free"}),
        ("a.b[c] = d", {"a", "c", "d"}),
        ("def f():\n    def g():\n        return deep\n    return g", {"deep"}),
        ("print(len(__name__))", set()),
    ],
)
def test_names_that_are_used(source, used):
    assert names_of(source).used == used


def test_imports_are_told_by_what_they_bind():
    source = "import torch\nimport torch.nn, numpy as np\nfrom math import (pi,\n    tau as circle)\nx = 1"
    assert imports_of(source) == {
        "torch": "import torch; import torch.nn",
        "np": "import numpy as np",
        "pi": "from math import pi",
        "circle": "from math import tau as circle",
    }
    assert imports_of("import torch\ntorch = 3\nif torch:\n    import math") == {}
