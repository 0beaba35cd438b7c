"""What lessons say, computed a second time in another way: by hand, in double precision, or by scikit-learn."""

from copy import deepcopy

import numpy as np
import pytest
import torch
from scipy import ndimage
from scipy.optimize import curve_fit, linprog
from scipy.special import softmax
from scipy.stats import binom
from sklearn.cluster import KMeans
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.metrics import balanced_accuracy_score, confusion_matrix, log_loss, precision_score, recall_score
from sklearn.metrics.cluster import contingency_matrix
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.svm import SVC

from torchbook import load
from torchbook.course.runtime.session import run
from torchbook.course.texts.document import documents, read_document

_begun = {}  # the lessons that have run, and where their controls stood


@pytest.fixture(scope="module", autouse=True)
def forget():
    """Lets go of what lessons have made once these tests are done."""
    yield
    _begun.clear()


def names_of(number, **controls):
    """The names of a lesson that has run with these controls; it runs once, then what they touch runs again."""
    if number not in _begun:
        session = run(read_document(documents()[number]))
        _begun[number] = session, dict(session.positions)
    session, beginning = _begun[number]
    moved = {name: value for name, value in (beginning | controls).items() if session.positions[name] != value}
    session.move(**moved)
    return dict(session.names)


def split(part):
    return part.inputs.flatten(1).numpy().astype(np.float64), part.labels.numpy()


@pytest.fixture(scope="module")
def descent():
    return names_of(8)


@pytest.fixture(scope="module")
def autograd():
    return names_of(9)


@pytest.fixture(scope="module")
def days():
    """The thermometer in double precision: readings and degrees Celsius."""
    train = load("thermometer").train
    return train.inputs[:, 0].double().numpy(), train.labels[:, 0].double().numpy()


def test_08_loss_slope_and_best_line_are_those_of_least_squares(descent, days):
    x, y = days
    assert descent["baseline"].item() == pytest.approx(y.var(), rel=1e-5)
    assert descent["slope"].item() == pytest.approx(2 * ((x - y) * x).mean(), rel=1e-3)
    assert descent["slope_b"].item() == pytest.approx(2 * (x - y).mean(), rel=1e-5)
    w, b = np.polyfit(x, y, 1)
    assert descent["lowest"] == pytest.approx(((w * x + b - y) ** 2).mean(), rel=1e-4)
    assert descent["answer"].item() == pytest.approx(w * 50 + b, abs=0.05)


@pytest.mark.parametrize("rate", (1e-5, 1e-4, 3.5e-4))
def test_08_the_ball_rolls_as_the_formula_of_a_parabola_says(days, rate):
    x, y = days
    walked = names_of(8, valley_rate=rate)["walked"].values("w")
    bottom = (x * y).mean() / (x * x).mean()
    shrinks = 1 - 2 * rate * (x * x).mean()  # the distance from the bottom, at each step
    assert walked == pytest.approx([bottom + (1 - bottom) * shrinks**step for step in range(13)], rel=0.02, abs=0.01)
    assert (abs(shrinks) > 1) == (abs(walked[-1]) > abs(walked[0]))


def test_08_which_rates_diverge_says_the_largest_eigenvalue(descent, days):
    x, _ = days
    largest = np.linalg.eigvalsh(2 * np.array([[(x * x).mean(), x.mean()], [x.mean(), 1]])).max()
    assert descent["first_run"].diverged is not None and largest * 0.01 > 2
    assert descent["slow_run"].diverged is None and largest * 1e-4 < 2


def test_09_sizes_and_costs_of_the_network(autograd):
    first, last = 784 * 128, 128 * 10
    assert autograd["parameters"] == first + 128 + last + 10
    # Forward each weight is used once; backward once for its own gradient, and those of the last for what lies below.
    assert autograd["forward_only"] == 2 * (first + last)
    assert autograd["both_ways"] == 2 * (2 * first + 3 * last)
    assert autograd["hidden_bytes"] == 1000 * 128 * 4


@pytest.mark.parametrize(("x", "w", "b"), ((2.0, 3.0, 1.0), (-3.0, 0.5, 2.0), (0.0, -1.5, -3.0)))
def test_09_slopes_are_finite_differences(x, w, b):
    names = names_of(9, at_x=x, at_w=w, at_b=b)

    def loss(w, b):
        return (w * x + b - 4.0) ** 2

    h = 1e-6
    assert names["chain"]["w"] == pytest.approx((loss(w + h, b) - loss(w - h, b)) / (2 * h), abs=1e-4)
    assert names["chain"]["b"] == pytest.approx((loss(w, b + h) - loss(w, b - h)) / (2 * h), abs=1e-4)
    assert names["slopes"]["w"] == x and names["slopes"]["b"] == 1


@pytest.mark.parametrize(("x", "w"), ((1.5, 2.0), (-1.0, 1.0), (1.0, 3.0)))
def test_09_the_slope_through_branches_is_a_finite_difference(x, w):
    names, h = names_of(9, fork_x=x, fork_w=w), 1e-6
    expected = (names["winding"](x, w + h) - names["winding"](x, w - h)) / (2 * h)
    assert names["fork_slope"] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("rate", (0.02, 0.12))
def test_09_one_who_forgets_walks_along_the_sum_of_all_slopes(rate):
    names = names_of(9, step_size=rate)
    w, walker, kept, healthy, forgetful = 0.0, 0.0, 0.0, [], []
    for _ in range(25):
        healthy.append(w)
        forgetful.append(walker)
        w -= rate * 4 * (2 * w - 4)
        kept += 4 * (2 * walker - 4)
        walker -= rate * kept
    assert names["healthy"].values("w") == pytest.approx(healthy, rel=1e-3, abs=1e-3)
    assert names["forgetful"].values("w") == pytest.approx(forgetful, rel=1e-2, abs=1e-2)


def test_09_the_learned_line_is_that_of_least_squares(autograd, days):
    x, y = days
    assert autograd["to_celsius"](50.0) == pytest.approx(np.polyval(np.polyfit(x, y, 1), 50), abs=1e-3)
    assert autograd["to_reading"](10.0) == pytest.approx(np.polyval(np.polyfit(y, x, 1), 10), abs=1e-3)


def test_10_weights_and_answers_are_those_of_least_squares():
    names = names_of(10)
    x, y = names["X"].double().numpy(), names["y"].double().numpy()
    line = LinearRegression().fit((x - x.mean(axis=0)) / x.std(axis=0), y)
    for weights, bias in (names["by_hand"], (names["layer"].weight, names["layer"].bias)):
        assert weights.detach().numpy() == pytest.approx(line.coef_, abs=0.01)
        assert bias.detach().numpy() == pytest.approx(line.intercept_, abs=0.01)
    raw = LinearRegression().fit(x, y)
    assert names["by_hand_answer"].numpy() == pytest.approx(raw.predict([[80.0, 100.0, 60.0]])[0], abs=0.01)
    assert names["baseline"].item() == pytest.approx(y.var(axis=0).mean(), rel=1e-5)
    assert names["fit_error"] == pytest.approx(np.abs(raw.predict(x) - y)[:, 0].mean(), abs=0.01)


def test_10_hidden_regions_are_missed_as_leave_one_out_says():
    names = names_of(10, left_out=4)
    x, y = names["X"].double().numpy(), names["y"].double().numpy()
    expected = cross_val_predict(LinearRegression(), x, y, cv=LeaveOneOut())
    misses = np.abs(expected - y)
    assert names["misses"].numpy() == pytest.approx(misses, abs=0.01)
    assert names["left_prediction"].numpy() == pytest.approx(expected[3], abs=0.01)
    assert names["worst_miss"] == pytest.approx(misses[:, 0].max(), abs=0.01)
    lazy = cross_val_predict(DummyRegressor(), x, y[:, 0], cv=LeaveOneOut())
    assert names["lazy_miss"] == pytest.approx(np.abs(lazy - y[:, 0]).mean(), rel=1e-5)


def test_10_three_hundred_regions_have_the_weights_and_losses_of_least_squares():
    names = names_of(10)
    weather, harvest = names["weather"].double().numpy(), names["harvest"].double().numpy()
    line = LinearRegression().fit(weather[:240], harvest[:240])
    assert names["learned"].numpy() == pytest.approx(line.coef_, abs=0.05)
    for rows, loss in ((slice(240), names["train_loss"]), (slice(240, None), names["valid_loss"])):
        assert loss == pytest.approx(((line.predict(weather[rows]) - harvest[rows]) ** 2).mean(), rel=0.05)
    scaled = names["scaled"][:240].double().numpy()
    lowest = LinearRegression().fit(scaled, harvest[:240, 0])
    assert names["plane"].numpy() == pytest.approx([*lowest.coef_, lowest.intercept_], rel=1e-4)


def separable(points, labels, *, bias=True):
    """Whether a linear program finds weights that give every point a sum of at least 1 on its side."""
    rows = np.c_[points, np.ones(len(points))] if bias else np.asarray(points)
    signs = 2 * np.asarray(labels)[:, None] - 1
    bounds = [(None, None)] * rows.shape[1]
    return linprog(np.zeros(rows.shape[1]), A_ub=-signs * rows, b_ub=-np.ones(len(rows)), bounds=bounds).status == 0


def test_12_what_ends_can_be_separated_and_what_comes_back_cannot():
    names = names_of(12)
    points, labels = names["points"].double().numpy(), names["belongs"].numpy()
    assert separable(points, labels) and not separable(points, labels, bias=False)
    threes, eights = names["three_or_eight"](names["digits"].train)
    assert separable(threes.double().numpy(), eights.numpy())
    table, admitted = names["table"].double().numpy(), names["admitted"].numpy().astype(int)
    assert not separable(table, admitted)
    for gate, ended in names["outcomes"].items():
        assert separable(names["corners"], [int(answer) for answer in gate]) == ended

    # The rounds of the applicants once more, in whole numbers: nothing is rounded, so the cycle is one.
    rows = [(round(128 * x), round(128 * y), 128) for x, y in table]
    assert np.array_equal(np.array(rows)[:, :2], 128 * table)
    state, states = (0, 0, 0), []
    for _ in range(25):
        states.append(state)
        for row, label in zip(rows, admitted):
            error = label - int(sum(weight * value for weight, value in zip(state, row)) >= 0)
            state = tuple(weight + error * value for weight, value in zip(state, row))
    assert [tuple(round(128 * number) for number in history) for history in names["histories"]] == states
    assert states[names["came_back"]] == states[names["first_there"]]
    assert len(set(states[: names["came_back"]])) == names["came_back"]


def test_12_the_bound_of_the_corrections_is_at_least_that_of_the_widest_margin():
    names = names_of(12)
    rows, signs = names["extended"].double().numpy(), names["signs"].double().numpy()
    machine = SVC(kernel="linear", C=1e6).fit(np.r_[rows, -rows], np.r_[signs, -signs])  # mirrored: no bias is left
    widest = (signs * (rows @ machine.coef_[0])).min() / np.linalg.norm(machine.coef_)
    assert 0.95 * widest < names["margin"] <= widest * 1.001
    assert (
        sum(names["mistakes"]) <= (np.linalg.norm(rows, axis=1).max() / widest) ** 2 <= names["most_corrections"] * 1.01
    )


def test_11_the_map_says_what_the_eigenvalues_of_a_momentum_step_say():
    names = names_of(11)
    bend, top = names["bend"].double().numpy(), names["top"].double().numpy()
    for row, column in ((0, 18), (10, 9), (15, 32), (18, 36), (18, 38)):
        rate, momentum = names["rates"][column].item(), names["momenta"][row].item()
        steps = [np.array([[1 - rate * c, -rate * momentum], [c, momentum]]) for c in bend]  # of place and velocity
        if max(abs(np.linalg.eigvals(step)).max() for step in steps) > 1:
            assert names["needed"][row, column].isinf()
            continue
        states, losses = [np.array([place, 0.0]) for place in top], []
        for _ in range(401):
            losses.append(sum(c * place**2 / 2 for c, (place, _) in zip(bend, states)))
            states = [step @ state for step, state in zip(steps, states)]
        expected = 1 + max(step for step, loss in enumerate(losses) if loss >= losses[0] / 1000)
        assert names["needed"][row, column].item() == pytest.approx(expected, abs=1)


def test_11_the_best_of_many_beginnings_is_the_wave_of_least_squares():
    names = names_of(11)
    hours, water = names["hours"].double().numpy(), names["water"].double().numpy()
    (period, first), _ = curve_fit(lambda t, p, f: 2 * np.cos(2 * np.pi * (t - f) / p), hours, water, p0=(12.4, 5.0))
    assert names["period"] == pytest.approx(period, abs=1e-3)
    assert names["first"] % names["period"] == pytest.approx(first, abs=1e-2)


def test_11_momentum_leaves_when_the_ground_bends_more_than_its_rate_allows():
    names = names_of(11)
    x, y, net = names["x"].double(), names["y"].double(), deepcopy(names["net"]).double()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.3, momentum=0.9)
    allowed = 2 * (1 + 0.9) / 0.3  # the largest eigenvalue of a bowl in which this momentum still arrives
    weights = dict(net.named_parameters())

    def loss_of(vector):
        parts = dict(zip(weights, vector.split([weight.numel() for weight in weights.values()])))
        shaped = {name: part.view_as(weights[name]) for name, part in parts.items()}
        return (torch.func.functional_call(net, shaped, (x,)) - y).square().mean()

    sharpest = []
    for _ in range(names["turns"] + 3):
        vector = torch.cat([weight.detach().flatten() for weight in weights.values()])
        sharpest.append(torch.linalg.eigvalsh(torch.autograd.functional.hessian(loss_of, vector))[-1].item())
        optimizer.zero_grad()
        (net(x) - y).square().mean().backward()
        optimizer.step()
    assert sharpest[0] < 0.7 * allowed and max(sharpest[: names["turns"] - 1]) < allowed < sharpest[-1]


def test_13_losses_of_the_rule_and_of_the_trained_model_are_those_of_scikit_learn(own_home):
    names, data = names_of(13, rate=3.0), load("admissions")
    (rows, labels), (valid, valid_labels), (test, test_labels) = map(split, (data.train, data.valid, data.test))
    unseen, unseen_labels = np.concatenate([valid, test]), np.concatenate([valid_labels, test_labels])

    def rule(rows):
        return 1 / (1 + np.exp(6 - 0.004 * rows[:, 0] - 1.4 * rows[:, 1] + 0.55 * rows[:, 2:] @ np.arange(1, 5)))

    assert names["rule_loss"] == pytest.approx(log_loss(labels, rule(rows)), abs=1e-5)
    assert names["unseen_rule"] == pytest.approx(log_loss(unseen_labels, rule(unseen)), abs=1e-5)
    middle, spread = rows.mean(axis=0), rows.std(axis=0, ddof=1)
    scaled, unseen = (rows - middle) / spread, (unseen - middle) / spread
    model = LogisticRegression(C=np.inf, tol=1e-8, max_iter=1000).fit(scaled, labels)
    assert names["all_loss"] == pytest.approx(log_loss(labels, model.predict_proba(scaled)[:, 1]), abs=1e-4)
    foreseen = model.predict_proba(unseen)[:, 1]
    assert names["unseen_loss"] == pytest.approx(log_loss(unseen_labels, foreseen), abs=1e-3)
    for (low, high, _), (count, mean, share) in zip(names["bins"], names["counted"]):
        chosen = (foreseen >= low) & (foreseen < high)
        assert (count, mean, share) == pytest.approx(
            (chosen.sum(), foreseen[chosen].mean(), unseen_labels[chosen].mean()), abs=1e-3
        )
    two = LogisticRegression(C=np.inf, tol=1e-8, max_iter=1000).fit(scaled[:, :2], labels)
    assert names["learned_w"].numpy() == pytest.approx(two.coef_[0], abs=0.01)
    assert names["learned_b"].item() == pytest.approx(two.intercept_[0], abs=0.01)


def test_13_two_softmaxes_cannot_get_below_their_floor(own_home):
    names = names_of(13)
    certain = torch.eye(10, dtype=torch.float64).mul(1000)
    loss = torch.nn.functional.cross_entropy(certain.softmax(dim=1), torch.arange(10)).item()
    assert names["floor"] == pytest.approx(loss) == pytest.approx(np.log(1 + 9 / np.e))
    assert min(names["twice"]) > loss
    assert names["loss_of"](0.99) == pytest.approx(log_loss([1] * 8 + [0] * 2, [0.99] * 10), rel=1e-5)


@pytest.mark.slow
def test_14_means_losses_mistakes_and_shifts(monkeypatch, own_home):
    monkeypatch.delenv("TORCHBOOK_DATA", raising=False)
    names = names_of(14)
    images, labels = names["new_images"].double().numpy(), names["valid_set"].labels.numpy()
    learned, digits = names["images"].double().numpy(), names["train_set"].labels.numpy()
    means = np.stack([learned[digits == digit].mean(axis=0) for digit in range(10)])
    nearest = ((images[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    assert names["baseline"] == pytest.approx((nearest == labels).mean(), abs=2 / len(labels))

    def logits(model, images):
        return images @ model[1].weight.detach().double().numpy().T + model[1].bias.detach().double().numpy()

    untaught = logits(names["untaught"], images)
    losses = np.logaddexp.reduce(untaught, axis=1) - untaught[np.arange(len(labels)), labels]
    assert names["batch_loss"] == pytest.approx(losses.mean(), rel=1e-5)
    answers = logits(names["model"], images).argmax(1)
    assert names["valid_accuracy"] == pytest.approx((answers == labels).mean(), abs=1 / len(labels))
    assert np.abs(names["counts"].numpy() - confusion_matrix(labels, answers)).sum() <= 2
    count = len(names["test_set"])
    assert names["uncertain"] == pytest.approx(2 * binom.std(count, names["test_accuracy"]) / count, rel=1e-5)
    pictures = names["valid_set"].inputs.numpy()
    for count, accuracy in enumerate(names["by_shift"]):
        moved = np.zeros_like(pictures)
        moved[..., count:] = pictures[..., : 28 - count]
        rows = ((moved / 255 - names["mean"]) / names["std"]).reshape(len(moved), -1)
        assert accuracy == pytest.approx((logits(names["model"], rows).argmax(1) == labels).mean(), abs=2 / len(labels))


def test_15_lines_gradients_and_silent_units_are_those_of_numpy(own_home):
    names = names_of(15)
    rows, labels = names["inputs"].double().numpy(), names["labels"].numpy()
    for name, (points, kinds) in (names["sets"] | {"moons": (rows, labels)}).items():
        points, kinds = np.asarray(points), np.asarray(kinds)
        line = LogisticRegression(C=np.inf, tol=1e-8, max_iter=1000).fit(points, kinds)
        assert names["straight"][name] == pytest.approx(line.score(points, kinds), abs=2 / len(kinds))
    for seed, (model, right) in enumerate(names["trials"]):
        hidden = rows
        for layer, silent in zip((model[0], model[2]), names["silent"][seed]):
            weight, bias = (each.detach().double().numpy() for each in (layer.weight, layer.bias))
            hidden = np.maximum(hidden @ weight.T + bias, 0)
            assert silent.tolist() == (hidden.max(axis=0) == 0).tolist()
        weight, bias = (each.detach().double().numpy() for each in (model[4].weight, model[4].bias))
        scores = (hidden @ weight.T + bias)[:, 0]
        assert right == pytest.approx(((scores > 0) == labels).mean(), abs=1 / len(labels))
    parts = {"W1": "V1", "b1": "c1", "W2": "V2", "b2": "c2"}
    values = {name: names[own].double().numpy() for name, own in parts.items()}
    x, y = names["X"].double().numpy(), names["Y"].double().numpy()

    def loss(changed):
        hidden = np.maximum(x @ changed["W1"].T + changed["b1"], 0)
        return ((hidden @ changed["W2"].T + changed["b2"] - y) ** 2).mean()

    for name, value in values.items():
        slopes = np.zeros_like(value)
        for place in np.ndindex(value.shape):
            step = np.zeros_like(value)
            step[place] = 1e-6
            slopes[place] = (loss(values | {name: value + step}) - loss(values | {name: value - step})) / 2e-6
        assert names["exact"][name].numpy() == pytest.approx(slopes, abs=1e-5)


def test_15_the_code_of_a_slip_computes_what_stands_beside_it(own_home):
    names = names_of(15)
    x, y, w1, c1, w2, c2 = (names[name] for name in ("X", "Y", "V1", "c1", "V2", "c2"))
    z = x @ w1.T + c1
    h = z.relu()
    known = {"X": x, "Y": y, "Z": z, "H": h, "P": h @ w2.T + c2, "W2": w2, "n": len(x), "m": y.shape[1], "rate": 0.1}
    for slip in ("", *names["slips"]):
        values, mine = dict(known), names["by_hand"](slip)
        for name, formula in (names["formulas"] | names["slips"].get(slip, {})).items():
            values[f"d{name}"] = eval(formula, values)
            assert torch.allclose(values[f"d{name}"], mine[name], atol=1e-6), (slip, name)


def test_16_spreads_gradients_and_scores_are_those_of_numpy(own_home):
    names = names_of(16)
    rows, labels = names["pictures"][:256].flatten(1).double().numpy(), names["labels"][:256].numpy()
    layers = [(each.weight, each.bias) for each in names["linear_layers"](names["network_of"]("default", 10))]
    weights = [[part.detach().double().numpy() for part in layer] for layer in layers]
    taken, sums = [rows], []
    for weight, bias in weights:
        sums.append(taken[-1] @ weight.T + bias)
        taken.append(np.maximum(sums[-1], 0))
    back = np.exp(sums[-1] - np.logaddexp.reduce(sums[-1], axis=1)[:, None])
    back[np.arange(256), labels] -= 1
    back /= 256
    report = []
    for number in reversed(range(len(weights))):
        report.append((sums[number].std(axis=0, ddof=1).mean(), np.abs(back.T @ taken[number]).mean()))
        if number:
            back = back @ weights[number][0] * (sums[number - 1] > 0)
    for measured, expected in zip(names["in_ten"], reversed(report), strict=True):
        assert measured == pytest.approx(expected, rel=0.01)
    assert names["of_ten"] == pytest.approx(report[0][0] / report[-1][0], rel=0.01)
    first, last = names["network"][1], names["network"][3]
    hidden = np.maximum(rows @ first.weight.detach().double().numpy().T + first.bias.detach().double().numpy(), 0)
    scores = hidden @ last.weight.detach().double().numpy().T + last.bias.detach().double().numpy()
    assert names["scores"].detach().numpy() == pytest.approx(scores[:12], abs=1e-3)
    assert names["twins"] == 1 and not any(frame["sums"].any() for frame in names["worse"]["zeros"].frames)


def test_17_shares_double_descent_and_corrected_mistakes_are_those_of_other_libraries(own_home):
    names = names_of(17, threshold=0.3)
    truth, sureness = names["eights"].numpy(), names["sureness"].numpy()
    called = sureness >= 0.3
    assert names["precision"] == pytest.approx(precision_score(truth, called))
    assert names["recall"] == pytest.approx(recall_score(truth, called))
    table = [[len(names["among"]) - names["alarms"], names["alarms"]], [names["misses"], names["hits"]]]
    assert confusion_matrix(truth, called).tolist() == table

    # The last layer once more, by the pseudoinverse and by ridge regression.
    weights = torch.randn(64, 400, generator=torch.Generator().manual_seed(names["again"])).double().numpy() / 8
    old, new = (np.maximum(names[name].double().numpy() @ weights, 0) for name in ("inputs", "valid_inputs"))
    labels, targets = names["valid_labels"].numpy(), names["targets"].numpy()
    least = np.linalg.pinv(old) @ targets
    place = names["sizes"].index(400)
    assert names["lengths"][place] == pytest.approx(np.linalg.norm(least), rel=1e-3)
    assert names["curve"][place] == pytest.approx(((new @ least).argmax(1) == labels).mean(), abs=2 / len(labels))
    ridge = Ridge(alpha=10.0, fit_intercept=False).fit(old, targets)
    assert names["with_price"] == pytest.approx((ridge.predict(new).argmax(1) == labels).mean(), abs=1 / len(labels))

    asleep, right = names["asleep"].numpy(), names["truth"].numpy()
    rows = names["inputs"].double().numpy()
    first, last = names["pupil"][0], names["pupil"][3]
    hidden = np.maximum(rows @ first.weight.detach().double().numpy().T + first.bias.detach().double().numpy(), 0)
    answers = (hidden @ last.weight.detach().double().numpy().T + last.bias.detach().double().numpy()).argmax(1)
    assert names["stopped"]["corrected"] == pytest.approx((answers == right)[asleep].mean(), abs=1 / asleep.sum())


def test_18_the_first_losses_are_those_of_adam_by_hand_and_a_spoilt_bit_is_that_of_numpy(own_home):
    names = names_of(18)
    model = names["program_start"]()["model"]
    weights = list(model.parameters())
    means, squares = ([torch.zeros_like(weight) for weight in weights] for _ in range(2))
    losses = []
    for step in range(18):
        if step % 6 == 0:
            order = torch.randperm(60)
        rows = order[step % 6 * 10 :][:10]
        signs = 2 * names["train_kinds"][rows] - 1
        loss = torch.nn.functional.softplus(-signs * model(names["train_points"][rows])[:, 0]).mean()
        losses.append(loss.item())
        with torch.no_grad():
            for weight, slope, mean, square in zip(weights, torch.autograd.grad(loss, weights), means, squares):
                mean.mul_(0.9).add_(0.1 * slope)
                square.mul_(0.999).add_(0.001 * slope**2)
                size = (square / (1 - 0.999 ** (step + 1))).sqrt() + 1e-8
                weight -= 0.06 * (1 - step / 120) * mean / (1 - 0.9 ** (step + 1)) / size
    assert losses == pytest.approx([names["whole"]["losses"][step] for step in range(1, 19)], rel=1e-2)
    numbers = 2 * 64 + 64 + 64 * 64 + 64 + 64 + 1
    assert (names["weight_bytes"], names["optimizer_bytes"]) == (4 * numbers, 8 * numbers)
    bits = np.array(names["right_number"], dtype=np.float32).view(np.uint32)
    assert names["spoilt_number"] == (bits ^ np.uint32(1 << 30)).view(np.float32)


def test_19_counts_formats_and_knobs_are_those_of_numpy(own_home):
    names = names_of(19)
    assert names["product"] == {"calls": 1, "bytes": 3 * 128**2 * 4, "operations": 2 * 128**3}
    assert names["addition"] == {"calls": 1, "bytes": 3 * 2**22 * 4, "operations": 2**22}
    # Of each layer with weights: how many, inputs, outputs and weights that enter one output.
    weighted = (
        (80, 784, 8 * 26**2, 9),
        (4672, 8 * 13**2, 64 * 11**2, 72),
        (409856, 1600, 256, 1600),
        (2570, 256, 10, 256),
    )
    for size in (1, 64, 512):
        layers = [(density, work) for name, density, work in names["layers_at"](size) if name in ("Conv2d", "Linear")]
        for (density, work), (weights, inputs, outputs, each) in zip(layers, weighted, strict=True):
            assert work == 2 * each * outputs * size
            assert density == pytest.approx(work / (4 * (weights + (inputs + outputs) * size)))
    uniform = names["uniform"].numpy()
    fraction, exponent = np.frexp(uniform)
    stored = {torch.float32: uniform.astype(np.float32), torch.float16: uniform.astype(np.float16)}
    stored[torch.bfloat16] = np.ldexp(np.round(fraction * 2**8) / 2**8, exponent)
    stored[torch.int8] = np.round(uniform / uniform.max() * 127) * uniform.max() / 127
    for dtype, numbers in stored.items():
        assert names["rounding"](dtype) == pytest.approx((abs(numbers - uniform) / uniform).max(), abs=1e-12)
    rows, labels = names["flat"].double().numpy(), names["labels"].numpy()
    images, answers = split(names["digits"].valid)
    for (size, rate), right in names["learned"].items():
        torch.manual_seed(0)
        weights, bias = (each.detach().double().numpy() for each in torch.nn.Linear(784, 10).parameters())
        order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(0)).numpy()
        for part in np.split(order, range(size, len(order), size)):
            slopes = softmax(rows[part] @ weights.T + bias, axis=1)
            slopes[np.arange(len(part)), labels[part]] -= 1
            weights, bias = weights - rate * slopes.T @ rows[part] / len(part), bias - rate * slopes.mean(axis=0)
        assert right == pytest.approx(
            ((images / 255 @ weights.T + bias).argmax(1) == answers).mean(), abs=1 / len(images)
        )


def test_20_edges_gains_and_noise_are_those_of_scipy(own_home):
    names = names_of(20)
    wall, letters = names["wall"].double().numpy(), names["letters"].flatten().numpy() == 1
    inside = (slice(1, -1), slice(1, -1))
    assert names["laplace_of_wall"][0].numpy() == pytest.approx(ndimage.laplace(wall)[inside], abs=1e-3)
    limits = [balanced_accuracy_score(letters, wall.flatten() <= limit) for limit in names["thresholds"].tolist()]
    assert names["found_best"] == pytest.approx(max(limits), abs=1e-3)
    for name, gains in names["gains"].items():  # a sum of three columns, each a turn of the wave later
        columns = np.array(names["PRESETS"][name]).reshape(3, 3).sum(axis=0)
        turns = np.exp(-2j * np.pi * np.outer((0, 0.25, 0.5), range(3)))
        assert gains == pytest.approx(abs(turns @ columns), abs=1e-5)
    picture = names["to_draw"].double().numpy()
    strengths = np.hypot(ndimage.sobel(picture, axis=0), ndimage.sobel(picture, axis=1))[inside]
    assert names["strengths"].numpy() == pytest.approx(strengths, abs=1e-2)

    def through(picture, blurs):
        for _ in range(blurs):
            picture = ndimage.uniform_filter(picture, 3)[inside]
        return ndimage.laplace(picture)[inside].flatten()

    for blurs, correlations in names["likeness"].items():
        for seed, correlation in enumerate(correlations):
            noise = 0.5 * torch.randn(60, 96, generator=torch.Generator().manual_seed(seed)).double().numpy()
            both = through(wall, blurs), through(wall + noise, blurs)
            assert correlation == pytest.approx(np.corrcoef(*both)[0, 1], abs=1e-3)
    for (noisy, _), calmed in zip(names["pairs"], names["calmed"]):
        blurred = ndimage.uniform_filter(noisy.double().numpy(), 3, mode="nearest")
        sharpened = (blurred - 0.2 * ndimage.laplace(blurred, mode="nearest")).clip(0, 255)
        assert np.abs(calmed.numpy() - sharpened).max() <= 0.501


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_00_rules_baselines_trees_groups_and_the_network(own_home):
    names = names_of(0)
    circles, digits, small = load("points", figure="circles"), load("handwriting?count=6000"), load("digits")
    points, rings = split(circles.test)
    assert names["by_rule"] == pytest.approx(((np.hypot(*points.T) < 0.9) == rings).mean())
    assert names["laziest"] == pytest.approx(max(rings.mean(), 1 - rings.mean()))
    line = LogisticRegression().fit(*split(circles.train))
    assert names["by_line"] == pytest.approx(line.score(points, rings), abs=0.1)
    pixels, labels = digits.train.inputs[:, 0].numpy(), digits.train.labels.numpy()
    black = pixels[:, 13:15, 13:15].max(axis=(1, 2)) == 0
    assert names["zeros_found"] == (black & (labels == 0)).sum() and names["sevens"] == (labels[black] == 7).sum()
    assert names["real_zeros"] == pytest.approx((labels[black] == 0).mean())
    rows, own = split(small.train)
    groups = KMeans(10, n_init=1, random_state=0).fit_predict(rows.astype(np.float32))
    assert names["in_majority"] == pytest.approx(contingency_matrix(own, groups).max(axis=0).sum() / len(rows))
    weights = [each.detach().double().numpy() for each in names["mine"].parameters()]
    images = digits.normalize(digits.test.inputs).flatten(1).double().numpy()
    hidden = np.maximum(0, images @ weights[0].T + weights[1])
    answers = (hidden @ weights[2].T + weights[3]).argmax(1)
    right = (answers == digits.test.labels.numpy()).mean()
    assert names["accuracy_of_mine"] == pytest.approx(right, abs=1 / len(images))
    assert names["numbers_of_mine"] == 784 * 64 + 64 + 64 * 10 + 10 and torch.is_tensor(names["inside"])
