import marimo

__generated_with = "0.25.2"
app = marimo.App(app_title="Logistic regression", width="medium")

with app.setup:
    import pickle
    import tempfile
    from pathlib import Path

    import marimo as mo
    import torch
    import torch.nn.functional as F
    from safetensors.torch import load_file, save_file

    from torchbook import Supervised, build, load, train
    from torchbook.course.notebook import exercise, live, quiz, text
    from torchbook.course.pictures.draw import Draw
    from torchbook.course.pictures.gallery import confusion_table, gallery, signed
    from torchbook.course.pictures.stepper import Pictures, Recording, Stepper
    from torchbook.evaluation import accuracy, classification, confusion, evaluate


@app.cell(hide_code=True)
def _():
    text(r"""
    # Logistic regression

    A model that reads handwriting, from raw numbers to a digit that you draw yourself. It is the simplest classifier
    there is, and everything around it is what you will do with every model to come: split, train, validate, look at
    mistakes, test once, save, load, use.

    **What you will be able to do**

    - say what the [[training set]], the [[validation set]] and the [[test set]] are for, and keep them apart
    - turn a picture into a row of numbers, and train a model that gives each [[class]] a score
    - write the training phase and the validation phase as two loops, and count [[accuracy]] right
    - look at what a model has learned, and at its mistakes
    - save a model, load it into a new object, and let it read your own handwriting

    *About 30 minutes to read, and as long again for the exercises. It needs [gradient descent](/lessons/08) and
    [autograd](/lessons/09); [softmax and cross-entropy](/lessons/13) are repeated in two lines.*
    """)
    return


@app.cell(hide_code=True)
def _(dataset):
    text(rf"""
    ## The question

    Here are some digits. You read them without thinking. To the computer each one is
    {dataset.train.inputs[0].numel()} numbers between 0 (black) and 255 (white). **Which sum of these numbers says
    "this is a 3"?**
    """)
    return


@app.cell(hide_code=True)
def _():
    from torchbook.home import home, own_files

    mnist_is_here = any(
        (folder / "mnist" / "train-images-idx3-ubyte.gz").is_file()
        for folder in (own_files(), home() / "downloads")
        if folder
    )
    options = {"drawn by torchbook": "handwriting?count=12000"} | (
        {"MNIST, by people": "mnist"} if mnist_is_here else {}
    )
    data_choice = mo.ui.dropdown(options, value="drawn by torchbook", label="the digits")
    data_choice
    return data_choice, mnist_is_here


@app.cell
def _(data_choice):
    data = data_choice.value
    return (data,)


@app.cell
def _(data):
    with mo.status.spinner("Getting the digits"):
        dataset = load(data)
    train_set, valid_set, test_set = dataset
    train_set.inputs.shape
    return dataset, test_set, train_set, valid_set


@app.cell
def _(train_set):
    some_digits = [str(label) for label in train_set.labels[:20].tolist()]
    gallery(train_set.inputs[:20], some_digits)
    return


@app.cell(hide_code=True)
def _(data, dataset, mnist_is_here):
    _official, _test, _count, _aside = 60_000, 10_000, len(dataset.train), len(dataset.valid)
    _mnist = rf"""**[[MNIST]]**, from which half the world has learned: digits written by American census workers and
    students, {_official:,} to train and {_test:,} to test, each 28 x 28 grey pixels from 0 to 255"""
    if mnist_is_here:
        _where = "You have it on this machine: choose it above."
    else:
        _where = (
            "To get it, say `torchbook data prepare mnist` in a terminal with a network (12 MB) and reload this page."
        )
    if data == "mnist":
        _said = (
            f"This is {_mnist}. We put {_aside:,} of the {_official:,} aside to validate; {_count:,} are left to train."
        )
    else:
        _said = rf"""To be honest about them: no person wrote these digits. A program drew them as strokes of a pen, so
    that the lesson works without a download. They have the form of {_mnist}. {_where}"""
    text(rf"""
    {_said}

    ## Three sets, three jobs

    | | pictures | what it is for |
    |---|---:|---|
    | [[training set]] | {_count:,} | the weights learn from it |
    | [[validation set]] | {len(dataset.valid):,} | *you* learn from it: the learning rate, when to stop, which model |
    | [[test set]] | {len(dataset.test):,} | opened once, at the end, to say how good the chosen model is |

    Why three? A model may know its training pictures by heart, so they say little about new ones. And whoever tries
    twenty learning rates and takes the one that is best on the validation set has made use of that set too. Only
    pictures that nobody has chosen by give an honest number. So the test set stays shut until the end. (In plain
    PyTorch `torch.utils.data.random_split` makes such parts.)

    ## From a picture to a row of numbers
    """)
    return


@app.cell
def _(train_set):
    picture = train_set.inputs[0]  # [1, 28, 28]: channel, height, width
    lowest, highest = picture.min().item(), picture.max().item()
    picture.shape
    return highest, lowest, picture


@app.cell
def _(dataset, picture):
    card = dataset.card  # what is known of the training set
    mean, std = card.mean[0], card.std[0]
    scaled = picture / 255  # 0 to 1, now float32
    normal = (scaled - mean) / std  # mean 0, spread 1
    row = normal.flatten()  # [784]
    row.shape
    return mean, normal, row, std


@app.cell(hide_code=True)
def _(highest, lowest, mean, picture, row, std):
    _channels, _height, _width = picture.shape
    text(rf"""
    The pixels of this picture go from {lowest} to {highest}: whole numbers, one byte each. Three small changes make
    them food for a model. Divided by 255 they lie between 0 and 1. Minus their mean, {mean:.3f}, and divided by their
    standard deviation, {std:.3f}, they have mean 0 and spread 1: [[normalisation]], as the thermometer had it,
    because gradient descent likes its inputs of one size. Mean and deviation are those of the *training* set, for all
    three sets: the other two must not leak into the model, not even through a mean. Last, **[[flatten]]**: a linear
    layer takes a row of numbers, and ${_channels} \cdot {_height} \cdot {_width} = {row.numel()}$.

    (In torchvision these steps are the [[transform|transforms]] `ToTensor()` and `Normalize(mean, std)`. In torchbook
    a data set carries them along: `dataset.normalize(pictures)` does it for a whole batch.)

    ## A baseline first

    What must a model beat? First somebody who never looks at the picture and always says the commonest digit. Then a
    better idea: take the **mean picture** of each digit. A new picture is the digit whose mean picture is nearest.
    """)
    return


@app.cell
def _(dataset, train_set, valid_set):
    known = dataset.normalize(train_set.inputs).flatten(1)  # [12000, 784]
    unseen = dataset.normalize(valid_set.inputs).flatten(1)  # [2000, 784]
    commonest = train_set.labels.mode().values
    majority_accuracy = (valid_set.labels == commonest).float().mean().item()
    return known, majority_accuracy, unseen


@app.cell
def _(known, train_set, unseen, valid_set):
    by_digit = [known[train_set.labels == digit] for digit in range(10)]
    means = torch.stack([some.mean(dim=0) for some in by_digit])  # [10, 784]
    nearest = torch.cdist(unseen, means).argmin(dim=1)  # [2000]
    nearest_accuracy = (nearest == valid_set.labels).float().mean().item()
    return means, nearest, nearest_accuracy


@app.cell(hide_code=True)
def _(mean, means, std):
    _grey = ((means * std + mean) * 255).round().to(torch.uint8)
    gallery(_grey.view(10, 1, 28, 28), [str(digit) for digit in range(10)])
    return


@app.cell(hide_code=True)
def _(majority_accuracy, nearest_accuracy):
    text(rf"""
    On the validation set the commonest digit is right for {majority_accuracy:.1%}, the nearest mean picture for
    **{nearest_accuracy:.1%}**. That is the number to beat.

    ## Ten weighted sums

    Look at that baseline once more. The square of the distance from a picture $x$ to a mean picture $m$ is

    $$|x - m|^2 = |x|^2 - 2 \, m \cdot x + |m|^2$$

    The first part, $|x|^2$, is the same for all ten. So the nearest is the one with the largest
    $m \cdot x - \tfrac12 |m|^2$: a **weighted sum** of the pixels, with the mean picture as weights, plus a number,
    the bias.
    """)
    return


@app.cell
def _(means, nearest, unseen):
    weight = means  # [10, 784]
    bias = -means.square().sum(dim=1) / 2  # [10]
    scores_of_means = unseen @ weight.T + bias  # [2000, 10]
    answers_of_means = scores_of_means.argmax(dim=1)
    agreement = (answers_of_means == nearest).float().mean().item()
    agreement
    return (agreement,)


@app.cell(hide_code=True)
def _(agreement):
    text(rf"""
    The same answers for {agreement:.1%} of the pictures. But who says that mean pictures are the *best* weights?
    Nobody. Let us **learn** them. For a picture $x$ with 784 numbers the ten scores are

    $$z = W x + b$$

    $W$ is the table of weights, one row of 784 for each digit, $b$ the ten biases, $z$ the ten
    [[class score|scores]], also called **[[logits]]**. The digit with the largest score is the answer (`argmax`). Two
    lines from [lesson 13](/lessons/13): **[[softmax]]** makes probabilities $p$ of the scores, and
    **[[cross-entropy]]** is the loss $L$ if the right digit is $y$:

    $$p_k = \frac{{e^{{z_k}}}}{{\sum_j e^{{z_j}}}} \qquad\qquad L = -\log p_y$$

    That is multinomial **[[logistic regression]]**. The name is old and misleading: it classifies. Write it as a
    class. A [[model]] in PyTorch is a `nn.Module` with a constructor, which makes the layers, and `forward`, which
    uses them.
    """)
    return


@app.cell
def _():
    exercise("logistic_regression")
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    From here on we use one that was built already. It is the same as yours: flatten, then one linear layer.
    """)
    return


@app.cell
def _(dataset):
    shape = dataset.sample_shape  # (1, 28, 28)
    untrained = build("linear", sample_shape=shape, outputs=10)
    parameters = sum(one.numel() for one in untrained.parameters())
    untrained
    return parameters, shape, untrained


@app.cell
def _(dataset, untrained, valid_set):
    images = dataset.normalize(valid_set.inputs)  # [2000, 1, 28, 28]
    labels = valid_set.labels  # [2000]
    scores = untrained(images).detach()  # [2000, 10]
    untrained_loss = F.cross_entropy(scores, labels).item()
    untrained_measures = classification(scores, labels)
    untrained_measures
    return images, labels, scores, untrained_loss, untrained_measures


@app.cell
def _(scores):
    two = scores[:, [3, 8]]  # as if there were only these digits
    by_softmax = two.softmax(dim=1)[:, 1]
    by_sigmoid = torch.sigmoid(two[:, 1] - two[:, 0])
    torch.allclose(by_softmax, by_sigmoid)
    return by_sigmoid, by_softmax


@app.cell(hide_code=True)
def _(parameters, untrained_loss, untrained_measures):
    text(rf"""
    {parameters:,} [[parameter|parameters]], all random still. It is right for {untrained_measures["accuracy"]:.1%} (a
    die with ten sides would be for {0.1:.0%}), and its loss is {untrained_loss:.2f}. Here is a number to remember:
    whoever gives each of ten digits one tenth has the loss $-\log \tfrac{{1}}{{10}}$, which is
    {torch.tensor(10.0).log().item():.2f}. A first loss far above it is a sign of a mistake.

    (With only two classes it is the *binary* logistic regression, and one weighted sum is enough: softmax of two
    scores is the [[sigmoid]] of their difference, as the cell above has checked.)

    ## One step by hand

    Nothing is new here: scores, loss, gradients, update, as on the thermometer. Only the model and the loss are
    others, and we look at a [[batch]] of pictures at a time.
    """)
    return


@app.cell
def _(dataset, shape):
    by_hand = build("linear", sample_shape=shape, outputs=10)
    optimizer = torch.optim.SGD(by_hand.parameters(), lr=0.01)
    batches = dataset.batches("train", size=64)
    some_images, some_labels = next(iter(batches))  # [64, 1, 28, 28], [64]
    return batches, by_hand, optimizer, some_images, some_labels


@app.cell
def _(by_hand, optimizer, some_images, some_labels):
    before = F.cross_entropy(by_hand(some_images), some_labels)
    before.backward()  # the gradients
    optimizer.step()  # the update
    optimizer.zero_grad()  # for the next batch
    after = F.cross_entropy(by_hand(some_images), some_labels)
    after
    return after, before


@app.cell(hide_code=True)
def _(after, batches, before, some_labels):
    text(rf"""
    One step, and the loss of these {len(some_labels)} pictures went from {before.item():.3f} to {after.item():.3f}.
    There are {len(batches):,} such batches in the training set, and as many steps in one pass over it, an [[epoch]].

    ## Training phase, validation phase

    After each epoch we stop, and look at the pictures that it has *not* learned from. So there are two loops, one
    after the other:
    """)
    return


@app.cell(hide_code=True)
def _():
    _box = (
        "border:1.5px solid {colour};border-radius:0.6rem;padding:0.35rem 0.7rem;text-align:center;"
        "background:color-mix(in srgb,{colour} 10%,transparent)"
    )

    def _phase(title, colour, boxes, end):
        shown = "<span aria-hidden='true'>→</span>".join(
            f"<span style='{_box.format(colour=colour)}'><b>{name}</b><br><code>{code}</code></span>"
            for name, code in boxes
        )
        return (
            f"<div style='margin:0.8rem 0'><div style='font-weight:600;margin-bottom:0.35rem'>{title}</div>"
            f"<div style='display:flex;flex-wrap:wrap;gap:0.5rem;align-items:center'>{shown}"
            f"<span>↻ {end}</span></div></div>"
        )

    mo.Html(
        "<div style='font:14px/1.4 system-ui,sans-serif'>"
        + _phase(
            "Training phase: the weights change",
            "#d55e00",
            [
                ("a batch to train", "inputs, labels"),
                ("scores", "model(inputs)"),
                ("loss", "cross_entropy"),
                ("gradients", "loss.backward()"),
                ("update", "optimizer.step()"),
            ],
            "next batch",
        )
        + _phase(
            "Validation phase: nothing changes, no gradients",
            "#0072b2",
            [
                ("a batch to validate", "inputs, labels"),
                ("scores", "model(inputs)"),
                ("count", "loss, right answers"),
            ],
            "next batch",
        )
        + "<div>↻ both again: the next epoch, until the validation set says that it is enough</div></div>"
    )
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    Write both loops, once in your life, by hand. First the training phase: five lines, the heart of every training
    there is.
    """)
    return


@app.cell
def _():
    exercise("train_epoch")
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    Then the validation phase. It has a trap that many published programs have fallen into; it comes next.
    """)
    return


@app.cell
def _():
    exercise("evaluate")
    return


@app.cell(hide_code=True)
def _(valid_set):
    text(rf"""
    ## A mean of means is wrong

    Many programs compute the accuracy of each batch and then the mean of these. Let us do that with the answers of the
    nearest mean pictures. There are {len(valid_set):,} of them, so the last batch is mostly shorter than the others. We
    do it three times, and only the *order* of the pictures changes. Move the slider.
    """)
    return


@app.cell(hide_code=True)
def _():
    batch_choice = mo.ui.slider(steps=[100, 300, 333, 666, 999, 1500], value=333, show_value=True, label="batch size")
    batch_choice
    return (batch_choice,)


@app.cell
def _(batch_choice):
    batch_size = batch_choice.value
    return (batch_size,)


@app.cell
def _(batch_size, labels, nearest):
    right = (nearest == labels).float()  # [2000] ones and zeros
    first = right.sort().values
    orders = {"come": right, "first": first, "last": first.flip(0)}

    def mean_of_batches(answers):
        means = [some.mean() for some in answers.split(batch_size)]
        return torch.stack(means).mean().item()

    mean_of_means = {name: mean_of_batches(orders[name]) for name in orders}
    weighted = {name: orders[name].mean().item() for name in orders}
    return mean_of_means, right, weighted


@app.cell(hide_code=True)
def _(batch_size, mean_of_means, right, weighted):
    _last = len(right.split(batch_size)[-1])
    if _last == batch_size:
        _said = "Here all batches are of the same size, and the two agree. Choose another size."
    else:
        _said = (
            f"The last batch has {_last:,} of {batch_size:,} pictures and counts as much as a full one. So the "
            "accuracy of the very same answers seems to depend on their order, and that cannot be."
        )
    text(rf"""
    | the order | mean of the batches | right answers / all answers |
    |---|---:|---:|
    | as they come | {mean_of_means["come"]:.1%} | {weighted["come"]:.1%} |
    | mistakes first | {mean_of_means["first"]:.1%} | {weighted["first"]:.1%} |
    | mistakes last | {mean_of_means["last"]:.1%} | {weighted["last"]:.1%} |

    {_said} Add up right answers and examples, and divide **once, at the end**. `evaluate` of torchbook does so, and
    yours does too.

    ## Train it

    Now the whole, with the tools that you will use from here on. What you have written by hand has a name in torchbook:

    | | by hand | torchbook |
    |---|---|---|
    | model, scores | `model(inputs)` | the same, a plain `nn.Module` |
    | answer | `scores.argmax(dim=1)` | the same |
    | loss and one step | `cross_entropy`, `backward`, `step`, `zero_grad` | `Supervised(model, optimizer)` |
    | training phase | a loop over batches | `for report in train(task, batches, epochs=...)` |
    | validation phase | another loop | `evaluate(task, valid)` |

    The body of the `for` is yours: here it measures, and hands over what we want to look at later.
    """)
    return


@app.function
def prepared(data, learning_rate):
    dataset = load(data)
    model = build("linear", sample_shape=dataset.sample_shape, outputs=10)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    task = Supervised(model, optimizer, measure=classification)
    batches = dataset.batches("train", size=64)
    return task, batches, dataset.batches("valid", size=1000)


@app.function
def learn(data, learning_rate, epochs):
    task, batches, valid = prepared(data, learning_rate)
    for report in train(task, batches, epochs=epochs):
        said = {"epoch": report.epoch, "loss": report["loss"]}
        for name, value in evaluate(task, valid).items():
            said[f"valid_{name}"] = value
        said["progress"] = report.epoch / epochs
        yield said | {"state": task.model.state_dict()}


@app.cell(hide_code=True)
def _():
    rate_choice = mo.ui.slider(
        steps=[0.0001, 0.001, 0.01, 0.1, 1.0], value=0.01, show_value=True, label="learning rate"
    )
    epochs_choice = mo.ui.slider(1, 15, value=8, show_value=True, label="epochs")
    mo.hstack([rate_choice, epochs_choice], justify="start", gap=2, wrap=True)
    return epochs_choice, rate_choice


@app.cell
def _(epochs_choice, rate_choice):
    learning_rate, epochs = rate_choice.value, epochs_choice.value
    return epochs, learning_rate


@app.cell
def _(data, epochs, learning_rate):
    training = live(learn, data=data, learning_rate=learning_rate, epochs=epochs)
    training
    return (training,)


@app.cell
def _(training, untrained, untrained_loss, untrained_measures):
    beginning = {"epoch": 0, "loss": untrained_loss, "valid_loss": untrained_loss}
    for _name, _value in untrained_measures.items():
        beginning[f"valid_{_name}"] = _value
    beginning["state"] = untrained.state_dict()
    reports = [beginning, *training.reports]
    return (reports,)


@app.cell
def _(reports, shape):
    best = max(reports, key=lambda report: report["valid_accuracy"])

    trained = build("linear", sample_shape=shape, outputs=10)
    trained.load_state_dict(best["state"])
    trained = trained.eval().requires_grad_(False)
    best["valid_accuracy"]
    return best, trained


@app.cell(hide_code=True)
def _(best, epochs, learning_rate, nearest_accuracy, reports, untrained_loss):
    _better = best["valid_accuracy"] > nearest_accuracy
    _last = reports[-1]
    _outcome = rf"""With a learning rate of {learning_rate:g} the training loss went from {untrained_loss:.2f}, before
    the first step, to {_last["loss"]:.3g} in epoch {_last["epoch"]}. We keep the weights of the epoch that was best on
    the validation set, number {best["epoch"]}. The model reads **{best["valid_accuracy"]:.1%}** of it.
    {"That beats" if _better else "That does not even beat"} the mean pictures ({nearest_accuracy:.1%})."""
    _waiting = "*It is still training. Until then everything below is the model with its random weights.*"
    text(rf"""
    {_outcome if len(reports) > 1 else _waiting}

    Try other rates. What does {0.0001:g} do in {epochs} epochs, and what {1:g}? Which would you take? You are
    choosing by the validation set now. That is its job.

    ## What has it learned?

    Each digit has 784 weights, as many as there are pixels. So they are a picture. Orange says: ink here speaks *for*
    this digit; blue: ink here speaks *against* it; black: it does not matter. Move through the epochs, from the
    random beginning on.
    """)
    return


@app.cell(hide_code=True)
def _():
    def weights_of(state):
        return signed(state["1.weight"].view(10, 28, 28))

    def watched(reports):
        recording = Recording()
        for report in reports:
            losses = {"loss": report["loss"], "valid_loss": report["valid_loss"]}
            recording.add(step=report["epoch"], weights=weights_of(report["state"]), **losses)
        return recording

    return (watched,)


@app.cell(hide_code=True)
def _(untrained, untrained_loss, watched):
    _beginning = {"epoch": 0, "loss": untrained_loss, "valid_loss": untrained_loss, "state": untrained.state_dict()}
    weights_picture = Stepper(
        watched([_beginning]),
        Pictures("weights", columns=5, labels=[str(digit) for digit in range(10)]),
        place="weights",
        unit="epoch",
        words={"loss": "training loss", "valid_loss": "validation loss"},
    )
    weights_picture
    return (weights_picture,)


@app.cell(hide_code=True)
def _(reports, watched, weights_picture):
    weights_picture.show(watched(reports))
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    The 0 has a blue hole in its middle: ink there speaks against it. Compare with the mean pictures. A mean says
    where a digit *has* its ink; these weights say where it *differs* from the others, and that is what reading needs.

    ## Look at the mistakes

    A number says how many mistakes there are. Pictures say which. Here are those of the validation set of which the
    model was surest.
    """)
    return


@app.cell
def _(images, labels, trained):
    probabilities = trained(images).softmax(dim=1)  # [2000, 10]
    sureness, answers = probabilities.max(dim=1)  # values, indices [2000]
    wrong = (answers != labels).nonzero().flatten()
    surest = wrong[sureness[wrong].argsort(descending=True)]
    len(wrong)
    return answers, probabilities, sureness, surest, wrong


@app.cell
def _(answers, labels, sureness, surest, valid_set):
    heard = [f"says {answers[i]} ({sureness[i]:.1%})" for i in surest[:12]]
    meant = [f"is a {label}" for label in labels[surest[:12]]]
    both = [f"{one}\n{other}" for one, other in zip(heard, meant)]
    gallery(valid_set.inputs[surest[:12]], both, side=72)
    return


@app.cell
def _(answers, labels):
    counts = confusion(answers, labels, classes=10)  # [10, 10]
    confusion_table(counts, [str(digit) for digit in range(10)])
    return (counts,)


@app.cell(hide_code=True)
def _(counts, sureness, surest, wrong):
    _mistakes = counts - counts.diag().diag()
    _is, _said = divmod(_mistakes.argmax().item(), 10)
    text(rf"""
    {len(wrong):,} mistakes. The commonest: {_mistakes[_is, _said]} times a {_is} was taken for a {_said}. Some
    pictures you may find hard yourself, others not at all, and yet it was {sureness[surest[0]]:.1%} sure of the
    first. **A high probability is not knowledge.** It says how far one score is above the others, and nothing more.

    ## The test set, once

    Have you chosen your learning rate? Then open the test set. Afterwards no choice is allowed any more: whoever goes
    back to the slider now, and comes again, has turned the test set into a second validation set.
    """)
    return


@app.cell(hide_code=True)
def _():
    open_choice = mo.ui.switch(value=not mo.running_in_notebook(), label="I have chosen. Open the test set.")
    open_choice
    return (open_choice,)


@app.cell
def _(dataset, open_choice, test_set, trained):
    test_accuracy = None
    if open_choice.value:
        test_scores = trained(dataset.normalize(test_set.inputs))
        test_accuracy = accuracy(test_scores, test_set.labels)
    test_accuracy
    return (test_accuracy,)


@app.cell(hide_code=True)
def _(best, test_accuracy, test_set):
    _share = test_accuracy or 0.0
    _error = (_share * (1 - _share) / len(test_set)) ** 0.5
    _before = best["valid_accuracy"]
    _result = rf"""**{_share:.1%}** of {len(test_set):,} pictures; the validation set had said {_before:.1%}. A share
    $a$ of $n$ pictures is itself uncertain, by about $2 \sqrt{{a (1 - a) / n}}$: here ±{2 * _error:.1%}. A smaller
    difference between two models means nothing."""
    text("*It is shut.*" if test_accuracy is None else _result)
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    ## Keep it

    When the program ends, the weights are gone. Write them to a file.
    """)
    return


@app.cell
def _():
    exercise("save_and_load")
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    There is a second format that you will meet everywhere, *safetensors*. It can hold tensors under names and nothing
    else, so it is safe to read, whoever wrote it. Save, then load into a **new object** with other weights, and see
    that it has become the same:
    """)
    return


@app.cell
def _(images, shape, trained):
    folder = Path(tempfile.mkdtemp())
    save_file(trained.state_dict(), folder / "digits.safetensors")

    fresh = build("linear", sample_shape=shape, outputs=10, seed=1)
    same_before = fresh(images).equal(trained(images))
    fresh.load_state_dict(load_file(folder / "digits.safetensors"))
    same_after = fresh(images).equal(trained(images))
    same_after
    return folder, same_after, same_before


@app.cell(hide_code=True)
def _(folder, parameters, same_after, same_before):
    size_on_disk = (folder / "digits.safetensors").stat().st_size
    text(rf"""
    Before, the new object gave {"the same" if same_before else "other"} scores; now it gives
    {"the same, to the last bit" if same_after else "others"}. The file has {size_on_disk:,} bytes: four for each of
    the {parameters:,} numbers, and a list of their names. It holds *no code*. Whoever loads it must build the same
    model first.

    Why not save the whole object? `torch.save` can, with *pickle*. But a pickle may hold any instruction, and loading
    it carries the instruction out. Here is a file that claims to be a model:
    """)
    return (size_on_disk,)


@app.cell
def _(folder):
    class Surprise:
        def __reduce__(self):  # what is to be done when this is loaded
            return eval, ("print('I could have deleted your files.')",)

    suspect = folder / "model.pt"
    torch.save(Surprise(), suspect)
    return (suspect,)


@app.cell
def _(suspect):
    try:
        refusal = torch.load(suspect, weights_only=True)
    except pickle.UnpicklingError as error:
        refusal = str(error).partition(".")[0]
    refusal
    return (refusal,)


@app.cell(hide_code=True)
def _():
    text(r"""
    `weights_only=True` refuses it. Without it, the file would have been carried out: here a harmless `print`, but it
    could be anything. So: state dicts, not objects; safetensors or `weights_only=True`, always.

    ## One picture

    A model takes batches. For a single picture make a batch of one with `unsqueeze(0)`, and take row 0 of the result.
    """)
    return


@app.cell(hide_code=True)
def _():
    number_choice = mo.ui.slider(0, 199, value=0, show_value=True, label="which picture")
    number_choice
    return (number_choice,)


@app.cell
def _(number_choice):
    number = number_choice.value
    return (number,)


@app.cell
def _(dataset, number, trained, valid_set):
    one = valid_set.inputs[number]  # [1, 28, 28]
    batch_of_one = dataset.normalize(one.unsqueeze(0))  # [1, 1, 28, 28]
    shares = trained(batch_of_one).softmax(dim=1)[0]  # [10]
    share, said = shares.topk(3)  # values and indices, each [3]
    gallery(one, [f"{said[0]}: {share[0]:.0%}, {said[1]}: {share[1]:.0%}"])
    return said, shares


@app.cell(hide_code=True)
def _(labels, number, said):
    _right = said[0] == labels[number]
    text(rf"""
    Picture {number} is a {labels[number]}, and the model says {said[0]}: {"right" if _right else "wrong"}.

    ## Draw your own

    Write a digit with the mouse, a finger or a pen, and watch the ten probabilities *while* you write. At the right
    is what the model sees: your strokes are scaled into a box of 20 x 20 pixels and centred by their mass in 28 x 28,
    as the digits of MNIST were.
    """)
    return


@app.cell
def _():
    drawing = Draw(start="3", place="draw")
    drawing
    return (drawing,)


@app.cell
def _(dataset, drawing, reader_choice, trained):
    def predict(pictures):  # uint8 [1, 1, 28, 28] -> [1, 10]
        return trained(dataset.normalize(pictures))

    drawing.predict = reader_choice.value or predict
    return


@app.cell(hide_code=True)
def _():
    def own_runs():
        """The runs on this machine that read pictures of 28 x 28 as one of ten classes; an autoencoder says none."""
        import json

        from torchbook import Run
        from torchbook.home import home
        from torchbook.inference.predict import load_model

        found = {}
        for file in sorted((home() / "runs").glob("*/model.json")):
            about = json.loads(file.read_text())
            reads = about["built_from"] and about.get("targets", "labels") == "labels"
            if reads and about["sample_shape"] == [1, 28, 28] and len(about["card"]["classes"]) == 10:
                found[f"your run {file.parent.name}"] = load_model(Run.open(file.parent)).outputs
        return found

    readers = {"this lesson's model": None} | own_runs()
    reader_choice = mo.ui.dropdown(readers, value="this lesson's model", label="who reads")
    reader_choice
    return (reader_choice,)


@app.cell(hide_code=True)
def _():
    text(r"""
    Write a 7 with a bar, a 1 with a foot, a 0 with a dot inside. Stop half way. Then fool it: can you find a scribble
    of which it is almost certain? And take a ready-made digit and move it with the arrows. That is worth a
    section of its own.

    ## What it cannot do

    Each weight belongs to one *place*. Move all pictures of the validation set to the right, pixel by pixel:
    """)
    return


@app.cell
def _(dataset, labels, trained, valid_set):
    def moved(pixels):  # black columns come in at the left
        return F.pad(valid_set.inputs, (pixels, 0))[..., :28]

    def accuracy_when(pixels):
        return accuracy(trained(dataset.normalize(moved(pixels))), labels)

    by_shift = [accuracy_when(pixels) for pixels in range(7)]
    one_of_each = torch.cat([moved(pixels)[:1] for pixels in range(7)])
    captions = [f"by {i}:\n{share:.1%}" for i, share in enumerate(by_shift)]
    gallery(one_of_each, captions, side=72)
    return (by_shift,)


@app.cell(hide_code=True)
def _(best, by_shift):
    text(rf"""
    You hardly see the difference. The model falls from {best["valid_accuracy"]:.1%} to {by_shift[3]:.1%} at three
    pixels, and to {by_shift[6]:.1%} at six. It has never learned a *shape*. It knows which places are bright.

    Stronger still: shuffle the 784 pixels, all pictures in the same way, and the weights with them.
    """)
    return


@app.cell
def _(images, trained):
    order = torch.randperm(784, generator=torch.Generator().manual_seed(0))
    linear = trained[1]  # weight [10, 784], bias [10]
    flat = images.flatten(1)  # [2000, 784]
    straight = F.linear(flat, linear.weight, linear.bias)
    shuffled = F.linear(flat[:, order], linear.weight[:, order], linear.bias)
    largest_difference = (straight - shuffled).abs().max().item()
    largest_difference
    return largest_difference, order


@app.cell(hide_code=True)
def _(labels, order, valid_set):
    _shuffled = valid_set.inputs[:8].flatten(1)[:, order].view(8, 1, 28, 28)
    gallery(_shuffled, [f"a {label}" for label in labels[:8].tolist()], side=72)
    return


@app.cell(hide_code=True)
def _(largest_difference):
    text(rf"""
    The same scores (they differ by {largest_difference:.1g}, which is rounding), though nobody could read these
    pictures. A sum does not know what is next to what. Two ways lead on from here: sums of sums, which can learn more
    than one way to write a 4 ([hidden layers](/lessons/15)), and small filters that look everywhere in the picture
    ([filters and edges](/lessons/20)).

    ## Train your first model

    Now without the lesson around it. Open a terminal, and train a model that stays on your disk:

    ```console
    torchbook train logistic_regression --name first --data "handwriting?count=12000"
    torchbook runs
    ```

    While it trains it shows the accuracy on the validation set, and at the end, once, that on the test set, beside the
    baseline. Then change one thing at a time, each with a `--name` of its own; `torchbook runs` puts them side by side:

    | try | the question |
    |---|---|
    | `--learning-rate 0.03`, then `0.0003` | is faster better? |
    | `--epochs 5`, then `60` | when does it stop getting better? |
    | `--batch-size 512` | fewer steps in an epoch: what must change with them? |
    | `--weight-decay 0.1` | small weights: worse, or better on new pictures? |
    | `--data "handwriting?count=1000"` | how much are more pictures worth? |
    | `--seed 1`, then `2` | how large is the difference that is only luck? |

    Choose by the validation set, and write down what you would take *before* you look at the test number. Then reload
    this page, choose your run under "who reads" above, and draw for it.

    ## Quiz
    """)
    return


@app.cell
def _():
    quiz(14)
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    ## In five lines

    - Logistic regression: a weighted sum of the pixels for each class, softmax on top, cross-entropy as the loss.
    - The weights learn from the training set, you choose by the validation set, and the test set speaks once.
    - Training phase: scores, loss, gradients, update. Validation phase: scores, count; divide once, at the end.
    - Look at weights and at mistakes, the surest first: a number hides them.
    - Save the state dict, load it into a new object, and never load a stranger's pickle.

    ## Where it comes next

    [Hidden layers](/lessons/15) put one such layer upon another. [Overfitting](/lessons/17) says what else the
    validation set is good for, [Checkpoints](/lessons/18) how to save so that training can go on, and
    [Filters and edges](/lessons/20) begins to see shapes.
    """)
    return


if __name__ == "__main__":
    app.run()
