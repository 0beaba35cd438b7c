"""Slips of beginners, one test each: the program, the rule that must explain it, and words that must be said."""

import pytest

from torchbook.errors import TorchbookError
from torchbook.explain import explain

NET = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        {init}
        self.layer = nn.Linear(2, 2)
    def forward({parameters}):
        return {result}
Net()(torch.ones(1, 2))
"""


def net(init="super().__init__()", parameters="self, x", result="self.layer(x)"):
    return NET.format(init=init, parameters=parameters, result=result)


VALUE = """class Value:
    def __init__(self, data, parents=()):
        self.data, self.parents = data, parents

"""
LABELS = """
import torch
from torch.nn import functional as F
labels, scores = torch.tensor([0, 1]), torch.zeros(2, 3)
"""
SKLEARN = "from sklearn.linear_model import LinearRegression\n"

SLIPS = [
    ("power-with-a-caret", "x = 2.0\ny = x ^ 2", ["`**`"]),
    ("power-with-a-caret", "import torch\ny = torch.ones(2) ^ 2", ["`**`"]),
    ("unknown-argument", "import torch\ntorch.ones(2, 2).sum(1, keep_dim=True)", ["`keepdim`", "`keep_dim`"]),
    ("unknown-argument", "import torch\ntorch.optim.SGD([torch.ones(1)], lr=1, momentun=0.9)", ["`momentum`"]),
    ("not-a-context", "import torch\nwith torch.no_grad:\n    pass", ["`with torch.no_grad():`"]),
    ("not-a-context", "from torch import nn\nmodel = nn.Linear(1, 1)\nwith model.eval():\n    pass", ["model.eval()"]),
    ("super-method-misspelt", net(init="super().__init()"), ["super().__init__()"]),
    ("super-without-brackets", net(init="super.__init__()"), ["`super().__init__()`"]),
    ("super-given-self", net(init="super().__init__(self)"), ["Leave `self` out"]),
    ("super-of-another-class", net(init="super(nn.Linear, self).__init__()"), ["`super().__init__()`"]),
    ("super-outside-a-method", "def build():\n    super().__init__()\nbuild()", ["class"]),
    ("init-not-called", net(init="super().__init__"), ["super().__init__()"]),
    ("class-without-parameters", "class A:\n    def _init_(self, x):\n        pass\nA(1)", ["`_init_`", "`__init__`"]),
    ("unknown-attribute", net().replace("__init__(self)", "_init_(self)"), ["`_init_`", "`__init__`"]),
    ("cannot-be-read", "%matplotlib inline", ["notebook"]),
    ("cannot-be-read", "!pip install torch", ["terminal"]),
    ("cannot-be-read", "pip install torch", ["terminal"]),
    ("cannot-be-read", ">>> x = 1", ["prompt"]),
    ("cannot-be-read", "lr = 0,01", ["point"]),
    ("cannot-be-read", "a = 1\nif a && a:\n    pass", ["`and`"]),
    ("cannot-be-read", "lambda = 1", ["`lambda`"]),
    ("cannot-be-read", "learning-rate = 1", ["`learning_rate`"]),
    ("cannot-be-read", "x = (1,\ny = 2", ["never closed"]),
    ("cannot-be-read", 'path = "C:\\Users\\me"', ['r"C:']),
    ("not-text-of-python", "x = 1\0", ["UTF-8"]),
    ("self-forgotten", net(parameters="x", result="x"), ["def forward(self, x):"]),
    ("self-too-much", "def softmax(self, logits):\n    return logits\nsoftmax([1.0])", ["Take `self` out"]),
    ("unknown-name", net(result="layer(x)"), ["`self.layer`"]),
    ("unknown-name", "def Softmax(x):\n    return x\nsoftmax(1)", ["`Softmax`"]),
    ("unknown-name", "sqrt(2)", ["from math import sqrt"]),
    ("unknown-name", "inputs", []),
    ("unknown-attribute", net(result="self.laier(x)"), ["`layer`"]),
    ("no-forward", net().replace("def forward", "def foward"), ["`foward`", "`forward`"]),
    ("no-forward", "from torch import nn\nnn.ModuleList([nn.ReLU()])(1)", ["one by one"]),
    ("strange-operands", "import torch\nx = torch.ones(2, 2)\nx - x.max(1)", [".values"]),
    ("strange-operands", "class Value: pass\nsum([Value()])", ["begins with the number 0"]),
    ("strange-operands", "from collections import Counter\nCounter('aab').most_common(1) / 3", []),
    ("loss-arguments-exchanged", f"{LABELS}F.cross_entropy(labels, scores)", ["F.cross_entropy(scores, labels)"]),
    ("argument-not-a-tensor", net(result="self.layer(nn.ReLU(x))"), ["`nn.ReLU()(x)`"]),
    ("unknown-attribute", "import torch\nx = torch.ones(2)\ne = x.exp\ne.sum()", ["brackets"]),
    ("unknown-attribute", "import torch\nx = torch.ones(2, 2)\n(x.argmax == x).sum()", ["`x.argmax(...)`"]),
    ("unpack-too-many", "batches = [([1, 2], 3, 4)]\nfor i, (x, y) in batches:\n    pass", ["enumerate(batches)"]),
    ("not-to-be-gone-through", f"{VALUE}v = Value(2.0, (Value(1.0)))\nfor p in v.parents:\n    p", ["comma"]),
    ("number-needed", f"import math\n{VALUE}x = Value(2.0)\nValue(math.exp(x), (x,))", ["`x.data`"]),
    ("number-needed", "import math\nx = '2'\nmath.exp(x)", ["float(x)"]),
    ("number-needed", "import math\nx = [1.0]\nmath.exp(x)", ["one by one"]),
    ("not-to-be-gone-through", "def take(x, parents):\n    return [p for p in parents]\nv = 1\ntake(2, (v))", []),
    ("missing-comma", "x = [[1, 2]\n     [3, 4]]", ["comma", "end of line 1"]),
    ("not-a-function", "x = 3\ny = 2(x + 1)", ["`2 * (x + 1)`"]),
    ("nothing-where-an-object-should-be", "x = [2]\nx = x.sort()\nx.append(1)", ["`x.sort(...)`"]),
    ("attribute-of-a-class", "from datetime import datetime\ndatetime.datetime.now()", ["leave the first"]),
    ("attribute-cannot-be-set", "class A:\n    @property\n    def x(self):\n        1\nA().x = 2", ["another"]),
    ("not-linked-with-a-device", "raise RuntimeError('PyTorch is not linked with support for mps devices')", ["mps"]),
    ("argument-given-twice", "def f(x, y):\n    pass\nf(1, x=2)", ["twice"]),
    ("strange-sign", "-[1]", ["`-torch.tensor(values)`"]),
    ("text-indexed-by-name", "for item in {'a': 1}:\n    item['a']", [".items()"]),
    ("not-a-container", "2 in 3", ["`==`"]),
    ("not-in-the-list", "[1].index(2)", ["print the list"]),
    ("list-and-other", "[1] + (2,)", ["append"]),
    ("format-number-wanted", "'%d' % 'a'", ["number"]),
    ("json-of-an-object", "import json, io\njson.loads(io.TextIOWrapper(io.BytesIO()))", ["json.load(file)"]),
    ("number-from-nothing", "float(None)", ["None"]),
    ("cannot-be-encoded", "'ä'.encode('ascii')", ["utf-8"]),
    ("join-wants-texts", "', '.join([1])", ["str(value)"]),
    ("bytes-and-texts", "import io\nio.BytesIO().write('a')", ['"b"']),
    ("not-written-yet", "raise NotImplementedError", ["still to be written"]),
    ("array-mask", "import numpy as np\nnp.zeros(3)[np.array([True, False])]", ["2", "3"]),
    ("concatenate-shapes", "import numpy as np\nnp.concatenate([np.zeros((2, 2)), np.zeros((2, 3))])", ["2", "3"]),
    ("concatenate-dimensions", "import numpy as np\nnp.concatenate([np.zeros((2, 2)), np.zeros(2)])", ["b[None, :]"]),
    ("largest-of-no-array", "import numpy as np\nnp.zeros(0).max()", ["empty"]),
    ("array-as-a-number", "import math\nimport numpy as np\nmath.exp(np.zeros(2))", ["np.exp(x)"]),
    ("sequence-in-an-entry", "import numpy as np\nnp.zeros(2)[0] = [1, 2]", ["one number"]),
    ("cannot-save-picture", "from PIL import Image\nImage.new('RGBA', (2, 2)).save('a.jpg')", ["convert('RGB')"]),
    ("float-picture", "import numpy as np\nfrom PIL import Image\nImage.fromarray(np.zeros((2, 2, 3)))", ["uint8"]),
    ("bars-of-different-length", "import matplotlib.pyplot as plt\nplt.bar([1, 2], [1, 2, 3])", ["len"]),
    ("needs-workers", "from torch.utils.data import DataLoader\nDataLoader([1], prefetch_factor=2)", ["num_workers"]),
    ("number-of-workers", "from torch.utils import data\ndata.DataLoader([1], num_workers=-1)", ["workers=0"]),
    ("already-there", "from pathlib import Path\nPath('a').mkdir()\nPath('a').mkdir()", ["exist_ok=True"]),
    ("not-a-folder", "import os\nopen('a', 'w').close()\nos.listdir('a')", ["`a`"]),
    ("not-fitted", f"{SKLEARN}LinearRegression().predict([[1]])", ["fit"]),
    ("missing-values", f"{SKLEARN}LinearRegression().fit([[float('nan')]], [1])", ["nan"]),
    ("two-dimensions-at-most", f"{SKLEARN}LinearRegression().fit([[[1]]], [1])", ["reshape"]),
    ("loaded-in-wrong-order", "import torch\ntorch.load({'a': torch.ones(1)})", ["path"]),
    ("not-a-file-of-numpy", "import numpy as np\nopen('a.npy', 'w').write('x')\nnp.load('a.npy')", ["NumPy"]),
]  # fmt: skip

# What other machines say.
RECORDED = [
    ("worker-stopped", RuntimeError("DataLoader worker (pid(s) 4, 5) exited unexpectedly"), "__main__"),
    ("worker-killed", RuntimeError("DataLoader worker (pid 4) is killed by signal: Killed."), "fewer workers"),
    ("worker-took-too-long", RuntimeError("DataLoader timed out after 5 seconds"), "num_workers=0"),
    ("too-many-open-files", OSError("[Errno 24] Too many open files"), "fewer workers"),
    ("main-guard", RuntimeError("... freeze_support() ..."), '__name__ == "__main__"'),
    ("gpu-in-a-fork", RuntimeError("Cannot re-initialize CUDA in forked subprocess"), "num_workers=0"),
    ("cannot-be-sent", AttributeError("Can't pickle local object 'main.<locals>.<lambda>'"), "num_workers=0"),
    (
        "no-compiler",
        RuntimeError("InvalidCxxCompiler: No working C++ compiler found in ..."),
        "Leave `torch.compile` out",
    ),
    (
        "no-network",
        RuntimeError("It looks like there is no internet connection and the repo could not be found"),
        "folder",
    ),
    ("address-refused", RuntimeError("HTTPError: HTTP Error 404: Not Found"), "404"),
    ("not-a-file-of-torch", RuntimeError("Invalid magic number; corrupt file?"), "save it again"),
    ("not-allowed", PermissionError(13, "Permission denied", "/root/a.pt"), "/root/a.pt"),
    ("classes-as-fractions", ValueError("Unknown label type: continuous. Maybe you ..."), "class numbers"),
    ("torchvision-of-another-build", RuntimeError("operator torchvision::nms does not exist"), "--index-url"),
    ("optional-package", ImportError("Missing optional dependency 'openpyxl'."), "python -m pip install openpyxl"),
    (
        "import-circle",
        ImportError("cannot import name 'a' from partially initialized module 'b' (most likely)"),
        "circle",
    ),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "code", "words"), SLIPS, ids=[f"{i}-{slip[0]}" for i, slip in enumerate(SLIPS)])
def test_a_slip_is_named(name, code, words, provoke):
    explanation = provoke(code, "program")
    assert explanation is not None
    assert explanation.name == name, str(explanation)
    assert [word for word in words if word not in str(explanation)] == [], str(explanation)


@pytest.mark.parametrize(("name", "error", "word"), RECORDED, ids=[case[0] for case in RECORDED])
def test_what_other_machines_say(name, error, word):
    explanation = explain(error)
    assert explanation is not None
    assert explanation.name == name
    assert word in str(explanation)


INSTALL = {
    "cv2": "python -m pip install opencv-python-headless",
    "PIL": "python -m pip install pillow",
    "sklearn": "python -m pip install scikit-learn",
    "skimage": "python -m pip install scikit-image",
    "torchvision": "--index-url https://download.pytorch.org/whl/cpu",
}


@pytest.mark.parametrize("module", INSTALL)
def test_a_package_is_installed_by_its_true_name(module):
    explanation = explain(ModuleNotFoundError(f"No module named '{module}'"))
    assert explanation is not None
    assert INSTALL[module] in explanation.fix


@pytest.mark.parametrize("module", ["helper", "torchh", "my_data", "skimag", "numppy", "opencv"])
def test_a_name_that_is_on_no_list_is_never_installed(module):
    explanation = explain(ModuleNotFoundError(f"No module named '{module}'"))
    assert explanation is not None
    assert "pip install" not in explanation.fix


def test_an_own_file_that_hides_a_library_is_named(tmp_path):
    (tmp_path / "torch.py").touch()
    hidden = ImportError(f"cannot import name 'nn' from 'torch' ({tmp_path / 'torch.py'})")
    explanation = explain(hidden)
    assert explanation is not None
    assert explanation.name == "own-file-hides-library"
    assert "rename it" in explanation.fix


def test_a_builtin_is_not_proposed_for_data(provoke):
    assert "`input`" not in str(provoke("print(inputs)", "program"))


def test_advice_is_given_only_where_some_fits(provoke):
    explanation = provoke("class A: pass\nclass B: pass\nA() @ B()", "program")
    assert explanation.fix == ""
    assert "What to do" not in str(explanation)


def test_names_of_torch_inside_do_not_reach_a_reader(provoke):
    for code in (
        "import torch\ntorch.arange(3).softmax(0)",
        (
            "import torch\nx = torch.ones(3, requires_grad=True)\ny = x.exp().as_strided((2,), (1,))\nz = y.sin()\ny +="
            " 1\nz.sum().backward()"
        ),
    ):
        said = str(provoke(code, str(hash(code))))
        assert not [word for word in ("kernel", "_impl", "AsStrided", "Backward0", "lastdim") if word in said], said


def test_torchbooks_own_errors_need_no_explanation():
    assert explain(TorchbookError("x")) is None
