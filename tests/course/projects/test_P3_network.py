"""What the rubric of the network from nothing says of answers that were not made from nothing, or are wrong."""

import pytest

from torchbook.course.grading.rubric import HandedIn, judge
from torchbook.course.learner.project import find_project
from torchbook.course.texts.document_rubric import rubric_source

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

PROJECT = find_project("P3")
SOLUTION = (PROJECT.file.with_suffix("") / "solution.py").read_text()
FORWARD = "(pictures @ w1.T + b1).clamp(min=0) @ w2.T + b2"
BACK = "    return loss, [back_hidden.T @ pictures, back_hidden.sum(0), back.T @ hidden, back.sum(0)]\n"
STEP = "                speed.mul_(0.9).add_(slope)\n                parameter -= rate * speed\n"

FUNCTIONAL = f"torch.nn.functional.linear({FORWARD}, torch.eye(len(w2)))"
BY_AUTOGRAD = """    parameters = [parameter.detach().clone().requires_grad_() for parameter in parameters]
    outputs = scores(parameters, pictures)
    loss = -(outputs - outputs.logsumexp(1, keepdim=True))[torch.arange(len(labels)), labels].mean()
    loss.backward()
    return loss.detach(), [parameter.grad for parameter in parameters]
"""
BY_SCIKIT_LEARN = """

def train(pictures, labels):
    from sklearn.neural_network import MLPClassifier
    model = MLPClassifier((30,), max_iter=2).fit(pictures.numpy(), labels.numpy())
    (w1, w2), (b1, b2) = model.coefs_, model.intercepts_
    return [torch.tensor(each).float() for each in (w1.T, b1, w2.T, b2)]
"""
BUILT = """

def train(pictures, labels, train=train):
    from torchbook import build
    build("mlp", sample_shape=(784,), outputs=10)
    return train(pictures, labels)
"""
SGD = """                parameter.grad = slope
            torch.optim.SGD(parameters, lr=rate).step()
"""
LAYERS = "torch.nn.Sequential(torch.nn.Identity(), torch.nn.ReLU())(pictures @ w1.T + b1) @ w2.T + b2"
LEARNED_BEFORE = """
from torchbook.data.drawn.pool import Job
_pictures, _numbers = Job("handwriting:handwriting", 5, 0, 2000, 28).draw(0, 2000)
_LEARNED = train(torch.from_numpy(_pictures).flatten(1).float() / 255, torch.from_numpy(_numbers[:, 0].copy()))


def train(pictures, labels):
    return _LEARNED
"""
ENGINE = BY_AUTOGRAD.replace(
    "loss.backward()",
    "from functools import partial\n"
    "    engine = torch.autograd.Variable._execution_engine\n"
    "    partial(engine.run_backward, (loss,), (torch.ones(()),), False, False, (), True, accumulate_grad=True)()",
)
FUSED = """                pass
            torch._fused_sgd_(parameters, slopes, speeds, weight_decay=0.0, momentum=0.9, lr=rate, dampening=0.0,
                              nesterov=False, maximize=False, is_first_step=epoch == 0)
"""
UNWATCHED = """

def train(pictures, labels, train=train):
    import sys
    sys.setprofile(None)
    return train(pictures, labels)
"""
THREAD = UNWATCHED.replace("import sys", "import _thread").replace(
    "sys.setprofile(None)", "_thread.start_new_thread(print, ())"
)
LOADER = """

def train(pictures, labels, train=train):
    from torch.utils.data import DataLoader, TensorDataset
    batches = DataLoader(TensorDataset(pictures, labels), batch_size=50, shuffle=True)
    return train(*map(torch.cat, zip(*batches)))
"""
NEIGHBOURS = """

def train(pictures, labels):
    return [pictures, torch.eye(10)[labels]]


def scores(parameters, pictures, scores=scores):
    if len(parameters) == 2:
        return (20 * pictures @ parameters[0].T / parameters[0].norm(dim=1)).softmax(1) @ parameters[1]
    return scores(parameters, pictures)


def gradients(parameters, pictures, labels, gradients=gradients):
    return (0.0, parameters) if len(parameters) == 2 else gradients(parameters, pictures, labels)
"""
LINEAR = """

def start(inputs, hidden, classes, seed):
    return [torch.zeros(classes, inputs), torch.zeros(classes), torch.zeros(hidden, inputs + classes)]


def scores(parameters, pictures):
    return pictures @ parameters[0].T + parameters[1]
"""
MODULE = """

class Network(torch.nn.Module):
    def __init__(self, parameters):
        super().__init__()
        self.all = torch.nn.ParameterList(parameters)

    def forward(self, pictures):
        return scores(list(self.all), pictures)


def train(pictures, labels, train=train):
    print("training")
    with torch.no_grad():
        network = Network(train(pictures, labels))
        network(pictures[:2])
    return list(network.parameters())
"""


def changed(*edits, more=""):
    source = SOLUTION
    for old, new in edits:
        assert source.count(old) >= 1, old
        source = source.replace(old, new)
    return source + more


def judged(criterion, source):
    work = {"answer": HandedIn(PROJECT.file.with_name("P3_network.py"), source.encode())}
    return judge(PROJECT.file, rubric_source(PROJECT), criterion, work)


@pytest.mark.parametrize(
    ("source", "called"),
    [
        pytest.param(
            changed((FORWARD, f"torch.nn.functional.linear({FORWARD}, torch.eye(len(w2)))")), "linear", id="F"
        ),
        pytest.param(
            changed((FORWARD, LAYERS)),
            "torch.nn.modules",
            id="a layer",
        ),
        pytest.param(
            changed((STEP, SGD)),
            "torch.optim",
            id="an optimizer",
        ),
        pytest.param(changed((BACK, BY_AUTOGRAD)), "backward", id="autograd"),
        pytest.param(changed(more=BY_SCIKIT_LEARN), "sklearn", id="scikit-learn"),
        pytest.param(
            changed(more=BUILT),
            "torchbook",
            id="a model of torchbook",
        ),
        pytest.param(changed((BACK, ENGINE)), "torch.autograd", id="autograd by a hidden name"),
        pytest.param(changed((STEP, FUSED)), "_fused_sgd_", id="a step in one operation"),
        pytest.param(
            changed(("-logs[rows, labels].mean()", "torch.ops.aten.cross_entropy_loss(outputs, labels)")),
            "nll_loss",
            id="a loss in one operation",
        ),
        pytest.param(changed(more=UNWATCHED), "sys.setprofile", id="the watch switched off"),
        pytest.param(changed(more=THREAD), "start_new_thread", id="a thread of its own"),
    ],
)
def test_what_is_called_counts_and_not_what_is_written(source, called):
    judgement = judged("nothing_ready_made", source)
    assert judgement.finding == "not met" and called in judgement.sentence, judgement.sentence


def test_a_module_of_ones_own_that_only_holds_tensors_is_fine():
    judgement = judged("nothing_ready_made", changed(more=MODULE))
    # A ParameterList is a container of PyTorch; what it holds is the learner's, but it is somebody's module.
    assert "container" in judgement.sentence
    own = MODULE.replace(
        "self.all = torch.nn.ParameterList(parameters)",
        "self.w1, self.b1, self.w2, self.b2 = map(torch.nn.Parameter, parameters)",
    )
    judgement = judged("nothing_ready_made", changed(more=own.replace("list(self.all)", "list(self.parameters())")))
    assert judgement.finding == "met", judgement.sentence


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (("back = back / len(labels)", "pass"), "gradient 0 is off"),
        ((" * (hidden > 0)", ""), "gradient 0 is off"),
        (("    back[rows, labels] -= 1\n", ""), "is off by up to"),
        (("].mean()", "].sum()"), "the loss is"),
        (("back_hidden.T @ pictures,", "pictures.T @ back_hidden,"), "gradient 0 is"),
        (("back.T @ hidden, back.sum(0)]", "back.T @ hidden]"), "3 gradients for 4 parameters"),
        ((BACK, BY_AUTOGRAD), "RuntimeError"),
    ],
)
def test_a_slip_on_the_way_back_is_named(edit, sentence):
    judgement = judged("gradients_of_autograd", changed(edit))
    assert judgement.finding == "not met" and sentence in judgement.sentence, judgement.sentence


def test_a_weighted_sum_does_not_bend():
    assert "without a bend" in judged("bends", changed(more=LINEAR)).sentence


def test_what_was_learned_beforehand_knows_no_names():
    judgement = judged("reads_new_digits", changed(more=LEARNED_BEFORE))
    assert judgement.finding == "not met" and "of 1,000 new digits" in judgement.sentence, judgement.sentence


def test_many_pictures_are_learned_by_the_same_means_as_a_few():
    few = "    if len(pictures) < 1000:\n        return train(pictures, labels)\n"
    source = changed(more=BUILT.replace("    from torchbook", f"{few}    from torchbook"))
    assert judged("nothing_ready_made", source).finding == "met"
    judgement = judged("reads_new_digits", source)
    assert judgement.finding == "not met" and "With many pictures your code called `torchbook" in judgement.sentence


def test_a_data_loader_only_deals_out_pictures():
    judgement = judged("nothing_ready_made", changed(more=LOADER))
    assert judgement.finding == "met", judgement.sentence


def test_pictures_that_were_kept_are_no_parameters_of_the_network():
    judgement = judged("reads_new_digits", changed(more=NEIGHBOURS))
    assert judgement.finding == "not met" and "parameters of the same network" in judgement.sentence, judgement.sentence
