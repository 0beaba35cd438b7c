import marimo

__generated_with = "0.25.2"
app = marimo.App(app_title="What deep learning is", width="medium")

with app.setup:
    from dataclasses import replace
    from pathlib import Path
    from tempfile import TemporaryDirectory

    import marimo as mo
    import torch
    from sklearn.cluster import KMeans
    from sklearn.ensemble import RandomForestClassifier

    from torchbook import Split, Supervised, build, classification, evaluate, load, train
    from torchbook.commands import doctor
    from torchbook.course.notebook import exercise, live, quiz, text
    from torchbook.course.pictures.boundary import Boundary
    from torchbook.evaluation.linear import linear_baseline
    from torchbook.training.schedules import linear


@app.cell(hide_code=True)
def _():
    text(r"""
    # What deep learning is

    A program is usually a list of rules that a person wrote. In *[[machine learning]]* a person gives examples instead,
    and the machine finds the rules. *[[deep learning|Deep learning]]* does that with networks of several layers. Today
    you write a rule, watch a machine find one, and learn when to want which.

    **What you will be able to do**

    - say what a deep network does: numbers in, patterns found, human terms out
    - tell whether a problem needs one, or a rule, or a simpler kind of learning
    - name the ways of learning, and say where each gets its [[label|labels]] from
    - go through the whole workflow once, from data to a saved model
    - be sure that your machine is ready for this course

    *About 25 minutes to read, and ten for the exercises. The course is for everybody who reads a little Python.
    School mathematics is enough.*
    """)
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    ## The question

    Here is something that a person wrote by hand, as the machine gets it: rows of numbers, one for each pixel, black
    where it is zero. A [[tensor]] is PyTorch's word for such a block of numbers.
    """)
    return


@app.cell
def _():
    digits = load("digits")
    pixels = digits.train.inputs[12, 0]  # [8, 8]: 8 rows of 8 pixels
    pixels
    return digits, pixels


@app.cell(hide_code=True)
def _(pixels):
    sheet = pixels.repeat_interleave(16, dim=0).repeat_interleave(16, dim=1)
    mo.image(sheet.numpy(), width=128, alt="The same numbers as a picture of eight by eight pixels.", rounded=True)
    return


@app.cell(hide_code=True)
def _(digits):
    text(rf"""
    You see at once which digit that is. But how? Try to say it as a rule: "if the third pixel of the second row is
    bright and ..." Then somebody else writes it thinner, tilted, a little further left, and your rule is wrong. There
    are {len(digits.train):,} such digits in this small data set, and nobody has ever written down that rule well.

    **How can a machine answer a question if nobody can tell it how?**

    ## First, without learning

    Start where a rule does exist. These points lie on two rings, one inside the other. Each has two coordinates and a
    [[class]]: 0 is the outer ring, 1 the inner one.
    """)
    return


@app.cell
def _():
    rings = load("points", figure="circles")
    rings.train.inputs[:3], rings.train.labels[:3]  # [3, 2] and [3]
    return (rings,)


@app.cell
def _():
    exercise("inner_ring")
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    How good is that rule? Try it on points that were kept apart, the **[[test set]]**, and count how often it is right.
    That share is called **[[accuracy]]**. Here is the rule once more, for all points at once:
    """)
    return


@app.cell
def _(rings):
    distance = rings.test.inputs.square().sum(dim=1).sqrt()  # [points, 2] -> [points]
    said = (distance < 0.9).long()  # 1 inside, 0 outside
    by_rule = (said == rings.test.labels).float().mean().item()
    by_rule
    return (by_rule,)


@app.cell(hide_code=True)
def _():
    text(r"""
    An accuracy means little alone. What would somebody reach who does not look at the points at all?
    """)
    return


@app.cell
def _():
    exercise("majority_baseline")
    return


@app.cell
def _(rings):
    baseline = rings.test.labels.bincount().max().item() / len(rings.test)
    baseline
    return (baseline,)


@app.cell(hide_code=True)
def _(baseline, by_rule):
    text(rf"""
    The laziest answer is right for {baseline:.0%} of the points, your rule for {by_rule:.1%}. Where you have such a
    rule, use it. You need no network, no training, and you can say why it answers as it does.

    ## A machine that finds the rule

    Now suppose that nobody knew about distances. A **[[neural network]]** gets only the points and their classes. It
    has three kinds of [[layer|layers]]:

    | layer | what it holds | here |
    |---|---|---|
    | input layer | the numbers of one example | two coordinates |
    | hidden layers | patterns that training finds | nobody says which |
    | output layer | an answer in human terms | inner or outer ring |

    It begins with random numbers on its connections. It looks at the data, changes the numbers a little so that it
    errs less, and does that again and again. Try it, first without any hidden layer:

    1. Press **Train**. Watch the accuracy. Be patient, it has a fair chance.
    2. Press **Add a layer**, and **Train** again. What has changed?
    3. Pause. Point at the units of the hidden layer, one after the other. What does each one see?
    4. Take units away with **−**, and train again. How few are enough?
    """)
    return


@app.cell(hide_code=True)
def _():
    rings_picture = mo.ui.anywidget(Boundary("circles", (), place="rings"))
    rings_picture
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    Nothing in that picture is a film: Python trained the network while you watched. Below the picture you find it *as
    PyTorch code*. Here is the same in the words of torchbook, as you will write it soon. Do not read every word yet;
    see the order. A [[model]], a way to change its numbers, in steps that become smaller, a loop of training, and a
    measure on points it never saw.
    """)
    return


@app.function
def learned(data, name="mlp", *, steps=300, rate=0.01, **shape):
    model = build(name, sample_shape=data.sample_shape, outputs=len(data.card.classes), **shape)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate)
    task = Supervised(model, optimizer, measure=classification, schedule=linear(steps))
    batches = data.batches("train", size=64)
    for _ in train(task, batches, epochs=max(1, steps // len(batches))):
        pass
    return evaluate(task, data.batches("test", size=1000))["accuracy"]


@app.cell
def _(rings):
    by_line = learned(rings, hidden=())  # no hidden layer
    by_network = learned(rings, hidden=(16,))  # one, with 16 units
    by_line, by_network
    return by_line, by_network


@app.cell(hide_code=True)
def _(baseline, by_line, by_network):
    text(rf"""
    Without a hidden layer the network can only draw a straight line, and no straight line divides two rings: it is
    right for {by_line:.0%} of the test points, and guessing reaches {baseline:.0%}. More training does not help. With
    one hidden layer it is right for {by_network:.1%}. It found the ring by itself, from examples.

    What a single unit does fits on one line:

    $$h = \max(0,\; w_1 x_1 + w_2 x_2 + b)$$

    $x_1$ and $x_2$ are the inputs, $w_1$ and $w_2$ the unit's [[weight|weights]], $b$ its [[bias]], and $h$ is what it
    passes on. The sum draws a straight line through the plane; the $\max$ bends it there, and is called the
    [[activation function]]. Many bent lines together make a ring. *Deep* means no more than: several such layers, one
    after the other. The first finds edges, say, the next forms, a later one faces.

    What the layers in between hold has several names: [[feature|features]], [[representation|representations]],
    [[embedding|embeddings]]. All mean numbers in which the machine keeps what it has seen. They are made by the
    weights, and they are less readable than both ends. That is the price.

    ## When to use it, and when not

    | take deep learning when | leave it when |
    |---|---|
    | the list of rules would be endless, as for driving a car | a simple rule is enough |
    | what is true keeps changing, and the machine must learn anew | errors are unacceptable: it is never certain |
    | large collections hide something that nobody sees | you owe somebody the reason for every answer |
    | the data are pictures, sound or text | there are only few data |

    "Few" is a matter of degree. Choose how many points the network may learn from. It is always measured on the same
    test points.
    """)
    return


@app.cell(hide_code=True)
def _():
    few = mo.ui.slider(steps=[4, 8, 16, 32, 64, 128, 256, 512], value=16, label="training points", show_value=True)
    few
    return (few,)


@app.cell
def _(few, rings):
    part = Split(rings.train.inputs[: few.value], rings.train.labels[: few.value])
    from_few = learned(replace(rings, train=part), hidden=(16,))
    from_few
    return (from_few,)


@app.cell(hide_code=True)
def _(baseline, by_rule, few, from_few):
    text(rf"""
    From {few.value} points it is right for **{from_few:.0%}** of the test points. Guessing reaches {baseline:.0%}; your
    rule reached {by_rule:.1%} and needed no examples at all.

    ## Tables, and everything else

    Before deep learning there was, and is, *classic* machine learning. Its **[[shallow algorithm|shallow
    algorithms]]** have names such as linear and [[logistic regression]], nearest neighbours, support vector machines,
    naive Bayes, decision trees, random forests and gradient boosting. Their home is *structured* data: tables whose
    columns a person has chosen. Deep learning is at home with *unstructured* data: pixels, sound, text, where the
    columns mean nothing one by one.

    Is that so? Measure it, on a table (tumours, malignant or benign, by measurements of their cells) and on pictures
    (our digits): logistic regression, a random forest, and a network. For the pictures it is a network that knows
    which pixels are neighbours.
    """)
    return


@app.function
def by_forest(data, *, seed):
    forest = RandomForestClassifier(100, random_state=seed)
    forest.fit(data.train.inputs.flatten(1).numpy(), data.train.labels.numpy())
    return float(forest.score(data.test.inputs.flatten(1).numpy(), data.test.labels.numpy()))


@app.function
def by_networks(table, pictures, *, seed):
    yield learned(table, hidden=(32,), seed=seed)
    yield learned(pictures, "cnn", width=16, rate=0.003, seed=seed)


@app.function
def compared(draws):
    for seed in range(draws):
        table, pictures = load("breast_cancer", seed=seed), load("digits", seed=seed)
        logistic = [linear_baseline(data)["accuracy"] for data in (table, pictures)]
        forest = [by_forest(data, seed=seed) for data in (table, pictures)]
        network = list(by_networks(table, pictures, seed=seed))
        scores = {"linear": logistic, "forest": forest, "network": network}
        yield scores | {"progress": (seed + 1) / draws}


@app.cell
def _():
    comparison = live(compared, draws=2)
    comparison
    return (comparison,)


@app.cell(hide_code=True)
def _(comparison, digits):
    mo.stop(not comparison.finished, mo.md("*The comparison is being computed.*"))
    _table = load("breast_cancer")
    means = {
        name: torch.tensor([report[name] for report in comparison.reports]).double().mean(dim=0).tolist()
        for name in ("linear", "forest", "network")
    }
    _rows = {"linear": "logistic regression", "forest": "random forest", "network": "network"}
    _lines = "\n    ".join(f"| {_rows[name]} | {on[0]:.1%} | {on[1]:.1%} |" for name, on in means.items())
    _shallow, _row = max(means["linear"][0], means["forest"][0]), 1 / len(_table.test)
    _gap = means["network"][0] - _shallow
    _close = "so that is too close to call" if abs(_gap) < 2 * _row else "so that is a difference"
    _better = "fewest" if means["network"][1] > max(means["linear"][1], means["forest"][1]) else "not the fewest"
    text(rf"""
    | share right, mean of {len(comparison.reports)} draws | {len(_table.train)} rows | {len(digits.train):,} pictures |
    |---|---|---|
    {_lines}

    On the table the best shallow algorithm is right for {_shallow:.1%}, the network for {means["network"][0]:.1%}. One
    patient of the test set is {_row:.1%}, {_close}. Then the simpler one wins: it is quick, has hardly any settings,
    and tells which column counts. On the pictures the network makes the {_better} mistakes,
    {1 - means["network"][1]:.1%} against {1 - means["forest"][1]:.1%} and {1 - means["linear"][1]:.1%}. And these
    pictures are tiny: try a forest on a photograph.
    """)
    return (means,)


@app.cell(hide_code=True)
def _():
    text(r"""
    ## Who says what is right?

    Every way of learning needs something to compare its answers with. They differ in who provides it.

    | way | what is there | who made the labels |
    |---|---|---|
    | [[supervised learning]] | pictures with their names | people |
    | [[unsupervised learning]] | customers, of kinds unknown | nobody: groups are looked for |
    | [[self-supervised learning]] | endless text | the data: a word is hidden and guessed |
    | [[transfer learning]] | a trained model, a few pictures of yours | people, for the few |

    The third makes endless data usable, the fourth makes your few data enough: patterns that one model has found are
    carried over to another task. This course is mostly about the first, and about the fourth in
    [lesson 26](/lessons/26).

    Can one learn anything without labels? Look for ten groups of digits that are alike, with [[clustering]], and tell
    the machine nothing about which digit is which.
    """)
    return


@app.cell
def _(digits):
    rows = digits.train.inputs.flatten(1).numpy()  # [examples, 64]
    group = torch.from_numpy(KMeans(10, n_init=1, random_state=0).fit_predict(rows))  # [examples]
    both = 10 * group + digits.train.labels
    counts = torch.bincount(both, minlength=100).view(10, 10)  # groups by digits
    in_majority = counts.max(dim=1).values.sum().item() / len(rows)
    in_majority
    return (in_majority,)


@app.cell(hide_code=True)
def _(in_majority):
    text(rf"""
    Give each group the name of its most frequent digit, and {in_majority:.0%} of the pictures have the right name. The
    machine never saw a label: there was structure in the data, and it found it.

    ## What it is used for

    Four kinds of question, and you meet them everywhere:

    - **[[classification]]**: which of these? Is this mail spam, which species is in this photograph, is this shadow a
      tumour, whose face is this?
    - **[[regression]]**: how much? The price of a house, the distance of everything in a single picture.
    - **sequence to sequence**: text to text in another language, speech to text, text to speech.
    - **recommendation**: what will this person like next?

    Networks steer drones and cars, play Atari and Go, guess what you are drawing, count endangered animals, write
    stories word by word, and even make the weights of other networks. At the end of this course yours turns horses
    into zebras.

    ## The workflow

    Whatever the question, the work has the same order. It is also the order of torchbook's folders.
    """)
    return


@app.cell(hide_code=True)
def _():
    _steps = {
        "Data": "as tensors, in batches",
        "Model": "pick or build",
        "Training": "fit it to the data",
        "Evaluation": "on unseen data",
        "Saving": "and loading again",
        "Prediction": "on your own data",
    }
    _box = "border:1px solid currentColor;border-radius:.5rem;padding:.4rem .7rem;flex:1 1 8rem;text-align:center"
    _items = "".join(f'<li style="{_box}"><strong>{name}</strong><br>{what}</li>' for name, what in _steps.items())
    _row = "display:flex;flex-wrap:wrap;gap:.6rem;list-style:none;padding:0;margin:0;counter-reset:none"
    mo.Html(f'<ol style="{_row}">{_items}</ol><p>Not good enough? Then back: to the data first, then to the model.</p>')
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    Here it is once from beginning to end, on the digits. **Data**: divided into three parts, and given out in
    [[batch|batches]].
    """)
    return


@app.cell
def _(digits):
    batches = digits.batches("train", size=64)
    inputs, labels = next(iter(batches))
    inputs.shape, labels.shape  # [64, 1, 8, 8] and [64]
    return (batches,)


@app.cell(hide_code=True)
def _(pixels):
    text(rf"""
    **Model**: {pixels.numel()} numbers in, one hidden layer, ten numbers out, one for each digit. **Training**: the
    loop is yours, and each turn of it is one [[epoch]], a pass over all training data. The [[loss]] says how wrong the
    model still is.
    """)
    return


@app.cell
def _(digits):
    model = build("mlp", sample_shape=digits.sample_shape, outputs=10, hidden=(64,))
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.003)
    task = Supervised(model, optimizer, measure=classification)
    return model, task


@app.cell
def _(batches, task):
    history = []
    for report in train(task, batches, epochs=10):
        history.append({"epoch": report.epoch, "loss": round(report["loss"], 3)})
    history[0], history[-1]
    return (history,)


@app.cell(hide_code=True)
def _():
    text(r"""
    **Evaluation**: on the test set, which it has never seen.
    """)
    return


@app.cell
def _(digits, history, task):
    result = evaluate(task, digits.batches("test", size=1000)) if history else {}
    result
    return (result,)


@app.cell(hide_code=True)
def _(digits, history, result):
    _lazy = digits.test.labels.bincount().max().item() / len(digits.test)
    _wrong = round((1 - result["accuracy"]) * result["count"])
    text(rf"""
    The loss fell from {history[0]["loss"]} to {history[-1]["loss"]} in {len(history)} epochs, and the model reads
    **{result["accuracy"]:.1%}** of {result["count"]} new digits rightly, all but {_wrong}. The laziest answer reaches
    {_lazy:.1%}. Nobody told it how.

    **Saving and loading**: what was learned is in the weights. They go into a file, and from there into a new model of
    the same shape.
    """)
    return


@app.cell
def _(digits, history, model):
    again = build("mlp", sample_shape=digits.sample_shape, outputs=10, hidden=(64,), seed=1)
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"digits-{len(history)}-epochs.pt"
        torch.save(model.state_dict(), file)
        again.load_state_dict(torch.load(file, weights_only=True))
        file_size = file.stat().st_size  # in bytes
    return again, file_size


@app.cell(hide_code=True)
def _():
    text(r"""
    **Prediction**: the digit from the beginning of this lesson, for the model that was loaded.
    """)
    return


@app.cell
def _(again, digits, pixels):
    one = digits.normalize(pixels.view(1, 1, 8, 8))  # a batch of one picture
    probabilities = again(one).softmax(dim=1)[0].detach()  # [10], they add up to one
    probabilities.argmax().item(), probabilities.max().item()
    return (probabilities,)


@app.cell(hide_code=True)
def _(digits, file_size, pixels, probabilities):
    _says = int(probabilities.argmax())
    _true = int(digits.train.labels[12])
    text(rf"""
    From a file of {file_size / 1000:.0f} kB comes the answer: "{_says}", with a probability of
    {probabilities.max():.1%}. That is {"right" if _says == _true else "wrong"}: the person wrote a {_true}.
    {int((pixels > 0).sum())} bright pixels went in, a human term came out.

    ## Why PyTorch

    PyTorch is a library for computing with tensors and for finding how a result depends on each number. Researchers
    made it for themselves, and later for everybody:

    - It is plain Python that runs line by line. You can stop a model in the middle, look, and use a debugger.
    - Its heavy work is done in C++, on the processor or on a graphics card, so that plain Python costs little.
    - It was research first. What is finished can then be compiled and exported, for phones and servers.

    That you can look inside is no small thing. Here is what the hidden layer holds for our digit:
    """)
    return


@app.cell
def _(again, digits, pixels):
    first_layers = again[:3]  # flatten, weighted sums, bend
    hidden = first_layers(digits.normalize(pixels.view(1, 1, 8, 8)))  # [1, 64]
    hidden[0, :8].detach()  # the first eight units
    return (hidden,)


@app.cell(hide_code=True)
def _(hidden):
    _silent = int((hidden == 0).sum())
    text(rf"""
    {_silent} of its {hidden.numel()} units are silent for this digit, the others have found something. Less readable
    than both ends, as promised.

    **Formulas.** You will write about your models, and a formula says much in little room. In Markdown it stands
    between dollar signs, in the language LaTeX. The line `$h = \max(0, w x + b)$` becomes $h = \max(0, w x + b)$, and
    two dollar signs on each side give it a line of its own. It is shown like that on this page, in notebooks, and in
    the `README.md` on a code host. (Older notes embed an address that draws the formula as a picture. That service is
    gone.)

    ## If in doubt, run it

    This is the first rule of the course. Do not wonder what a line does: run it, change it, break it, look at the
    result. You cannot damage anything.

    - **Lessons** are programs. Everything on this page was computed just now, on your machine. In the terminal
      `torchbook lab 00` opens a copy of this lesson in which you may change everything.
    - **Exercises** are checked on your machine, as often as you like. Your answers are files; work on them here, or in
      your own editor with `torchbook check --watch`.
    - **The quiz** at the end shows what has stayed. Each answer comes with its reason.
    - **The glossary** explains each word that is marked like [[tensor]].
    - **The last word** has always [PyTorch's own documentation](https://docs.pytorch.org/docs/stable/index.html). Where
      it and somebody's notes differ, ours included, believe the documentation, or run it.

    ## Is your machine ready?

    You need no graphics card, no account and no network. This is what `torchbook doctor` says of the computer that runs
    this page:
    """)
    return


@app.cell
def _():
    here = doctor().data
    here["processor"], here["device"], here["number_format"]
    return (here,)


@app.cell(hide_code=True)
def _(here):
    _short = here["memory_free_gb"] < 2 or here["home_free_gb"] < 2
    _cores = "one core" if here["cores"] == 1 else f"{here['cores']} cores"
    _ready = f"**Ready.** With {_cores} every lesson of this course runs, each in about a minute."
    text(rf"""
    | | here | why it matters |
    |---|---|---|
    | cores | {here["cores"]}, and {here["threads"]} used at once | they share the work |
    | memory | {here["memory_gb"]} GB, {here["memory_free_gb"]} GB of it free | data and model lie in it |
    | disk | {here["home_free_gb"]} GB free | for data, runs and your answers |
    | device | {here["device"]} | where tensors live; `cpu` is enough for this course |
    | number format | {here["number_format"]} | {here["reason"]} |
    | Python, PyTorch | {here["python"]}, {here["torch"]} | with these the lessons run |

    {"**Memory or disk is short**: close other programs, or make room." if _short else _ready}
    """)
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    ## Quiz
    """)
    return


@app.cell
def _():
    quiz(0)
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    ## In five lines

    - A network takes numbers in, finds patterns in its hidden layers, and gives human terms out.
    - Without a hidden layer it draws a straight line; with bent units in between it can draw what the data need.
    - A rule that works is better than a network. Tables with few rows belong to shallow algorithms first.
    - Labels come from people, from the data themselves, from an earlier model, or from nobody.
    - Data, model, training, evaluation, saving, prediction; and beside each result the laziest answer.

    ## Where it comes next

    Everything starts with tensors: how to make them, and what they are, is in [Tensors](/lessons/01). How a machine
    learns, with nothing but arithmetic, is in [Gradient descent](/lessons/08). Why one hidden layer was enough for the
    rings is in [Hidden layers](/lessons/15), and the digits come back, larger, in
    [Logistic regression](/lessons/14).
    """)
    return


if __name__ == "__main__":
    app.run()
