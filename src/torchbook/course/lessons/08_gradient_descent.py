import marimo

__generated_with = "0.25.2"
app = marimo.App(app_title="Gradient descent", width="medium")

with app.setup:
    import marimo as mo
    import torch
    import torch.nn.functional as F

    from torchbook import load
    from torchbook.course.notebook import exercise, quiz, text
    from torchbook.course.pictures.brief import brief
    from torchbook.course.pictures.stepper import Contour, Plot, Recording, Stepper


@app.cell(hide_code=True)
def _():
    text(r"""
    # Gradient descent

    A machine learns from examples like this: it guesses, sees how wrong the guess is, and changes it a little in the
    direction that makes it less wrong. And again. All of deep learning stands on this one loop. Here you build it with
    nothing but arithmetic.

    **What you will be able to do**

    - say in one number how wrong a model is: the [[loss]]
    - find out how the loss changes with each number of the model: the [[gradient]]
    - walk downhill on the loss, by hand, until a line fits
    - see from a loss curve that the [[learning rate]] is too high or too low, and repair it
    - tell an [[epoch]] from a [[step]]

    *About 25 minutes to read. It needs [tensors](/lessons/01) and their [operations](/lessons/02), and from school that
    the slope of $x^2$ is $2x$.*
    """)
    return


@app.cell(hide_code=True)
def _(readings, today):
    text(rf"""
    ## The question

    You bought an old thermometer. It works, but nobody knows its unit. So for some days you wrote down what it says,
    and beside it what a thermometer in degrees Celsius said: {len(readings)} pairs. Today the old
    one says {brief(today)}. **How many degrees Celsius is that?**
    """)
    return


@app.cell
def _():
    data = load("thermometer").train
    readings, order = data.inputs.squeeze(1).sort()  # [11], sorted
    celsius = data.labels.squeeze(1)[order]  # [11]
    torch.stack([readings, celsius], dim=1)  # [11, 2]: a pair in each row
    return celsius, readings


@app.cell
def _():
    today = 50.0
    return (today,)


@app.cell(hide_code=True)
def _():
    text(r"""
    ## A baseline, and a loss

    Begin with the laziest answer: the mean of all temperatures, whatever the thermometer says. It is not silly, it is a
    *baseline*. What we build later must beat it, or it is not worth having.

    How wrong is it? We need one number for that, the **[[loss]]**. Take the difference between prediction and
    measurement, square it, and average over all examples. That is the **[[mean squared error]]**:

    $$L = \frac{1}{n} \sum_{i=1}^{n} (p_i - y_i)^2$$

    $L$ is the loss, $n$ the number of examples, $p_i$ the prediction for example $i$, and $y_i$ what was measured.
    Squares make every error count as positive, and large errors count most.
    """)
    return


@app.cell
def _(celsius):
    mean = celsius.mean()
    errors = mean - celsius  # [11]
    baseline = errors.square().mean()
    baseline
    return baseline, mean


@app.cell(hide_code=True)
def _(baseline, mean):
    text(rf"""
    Always to answer {brief(mean)} °C costs a loss of **{brief(baseline)}**. This is the number to beat. Its square
    root has the unit of the measurements again: the answer is typically {brief(baseline.sqrt(), 2)} degrees off.

    Now write the loss yourself.
    """)
    return


@app.cell
def _():
    exercise("mean_squared_error")
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    PyTorch has it too, as `F.mse_loss`. (`F` is `torch.nn.functional`, the drawer with the functions.) Now you know
    what is inside:
    """)
    return


@app.cell
def _(celsius, mean):
    F.mse_loss(mean.expand(len(celsius)), celsius)  # [11] against [11]
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    ## A model with two knobs

    A **[[model]]** is a function with numbers in it that can still be chosen, its **[[parameter|parameters]]**. Start
    with the simplest guess, a straight line:

    $$p_i = w \, x_i + b$$

    $x_i$ is the reading of the thermometer and $p_i$ the predicted temperature. $w$ is the **[[weight]]**: by how much
    one unit more of reading warms the prediction. $b$ is the **[[bias]]**: the prediction where the reading is zero.
    Only if a line is not good enough is there a reason for more.

    Be the learner for a minute. Turn both knobs until the loss is small. The thin lines are the errors.
    """)
    return


@app.cell
def _():
    def model(x, w, b):
        return w * x + b

    return (model,)


@app.cell(hide_code=True)
def _():
    own_w = mo.ui.slider(0.0, 1.0, step=0.01, value=0.0, debounce=False, show_value=True, label="weight $w$")
    own_b = mo.ui.slider(-30.0, 15.0, step=0.5, value=0.0, debounce=False, show_value=True, label="bias $b$")
    mo.hstack([own_w, own_b], justify="start", gap=2, wrap=True)
    return own_b, own_w


@app.cell(hide_code=True)
def _(celsius, model, readings):
    line = Plot("line", grid=readings, points=(readings, celsius), errors=True, across="reading", up="degrees Celsius")

    def once(w, b):
        recording = Recording()
        predictions = model(readings, w, b)
        recording.add(loss=F.mse_loss(predictions, celsius), w=w, b=b, line=predictions)
        return recording

    knobs = Stepper(once(0.0, 0.0), line)
    knobs
    return knobs, line, once


@app.cell(hide_code=True)
def _(baseline, knobs, once, own_b, own_w):
    _turned = once(own_w.value, own_b.value)
    knobs.show(_turned)
    own_loss = _turned.values("loss")[0]
    text(rf"""
    With $w = {own_w.value:g}$ and $b = {own_b.value:g}$ your loss is **{brief(own_loss)}**. The baseline has
    {brief(baseline)}. {"You beat it." if own_loss < baseline else "That is worse than no model at all: turn on."}
    """)
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    How did you do it? You turned a knob a little, looked whether the loss fell, and went on or turned back. That works
    for two knobs, but a small network has a hundred thousand. So for each knob we need to know which way to turn it.

    ## Which way is down?

    Leave the bias at zero for a moment and look at the weight alone. How fast does the loss change when $w$ changes?
    Try it: a little more, a little less, and divide the difference of the two losses by the distance.
    """)
    return


@app.cell
def _(celsius, model, readings):
    def loss_at(w, b=0.0):
        return F.mse_loss(model(readings, w, b), celsius)

    little = 0.01
    slope = (loss_at(1.0 + little) - loss_at(1.0 - little)) / (2 * little)
    slope
    return loss_at, slope


@app.cell(hide_code=True)
def _(loss_at, slope):
    text(rf"""
    At $w = 1$ the loss is {brief(loss_at(1.0))} and its slope **{brief(slope)}**. Read it so: if $w$ grows by a
    thousandth, the loss grows by about {brief(slope / 1000, 2)}. More weight is worse here, so make it *smaller*: go
    **against the slope**. That is all of gradient descent:

    $$w \leftarrow w - \eta \, \frac{{\partial L}}{{\partial w}}$$

    The arrow means "becomes". $\frac{{\partial L}}{{\partial w}}$ is the slope: how fast the loss $L$ changes when $w$
    changes and all else stands still (its [[partial derivative]]). $\eta$ (eta) is the **[[learning rate]]**: how far
    to go. Where the hill is steep the step is long. Near the bottom, where the slope goes to zero, it becomes short by
    itself.

    Play it. Then put another learning rate beside it: one that is too small, one that is a little too large.
    """)
    return


@app.cell
def _(loss_at):
    def walk(rate, steps=12, little=0.01):
        recording, w = Recording(), 1.0
        for _ in range(steps + 1):
            higher, lower = loss_at(w + little), loss_at(w - little)
            slope = (higher - lower) / (2 * little)
            recording.add(loss=loss_at(w), w=w, slope=slope)
            w = w - rate * slope.item()
        return recording

    return (walk,)


@app.cell(hide_code=True)
def _(loss_at, walk):
    _w = torch.linspace(-1.2, 1.7, 60)  # [60]
    _valley = Plot(
        still=(_w, [loss_at(w).item() for w in _w]),
        marker=("w", "loss"),
        across="weight w",
        up="loss",
        view=(-1.2, 1.7, -150.0, 5200.0),
    )
    walks = {"good": walk(1e-4), "too small": walk(1e-5), "too large": walk(3.5e-4)}
    Stepper(walks, _valley, place="valley", question="Beside it, a rate that is")
    return (walks,)


@app.cell(hide_code=True)
def _(walks):
    _last = {name: brief(one.values("loss")[-1]) for name, one in walks.items()}
    text(rf"""
    After {walks["good"].steps[-1]} steps the good rate has brought the loss down to {_last["good"]}, the one that is
    too small to {_last["too small"]}. The one that is too large jumps across the valley and lands *higher* on the
    other side. There the slope is steeper, so the next jump is longer still; the loss is at {_last["too large"]} and
    growing. This is called to **diverge**.

    ## The slope without trying

    Trying costs two losses for each parameter: hopeless for a hundred thousand of them. But we know the formula of the
    loss, and a formula has a derivative. For one example it takes three small steps:

    1. The prediction is $p_i = w x_i + b$. If $w$ grows by a little, $p_i$ grows $x_i$ times as much. If $b$ grows,
       $p_i$ grows just as much. So $\frac{{\partial p_i}}{{\partial w}} = x_i$ and
       $\frac{{\partial p_i}}{{\partial b}} = 1$.
    2. The squared error $(p_i - y_i)^2$ has, like every square, the slope $2 (p_i - y_i)$ in the direction of $p_i$.
    3. Slopes multiply: $w$ moves $p_i$, and $p_i$ moves the error. This is the chain rule, and every network lives by
       it.

    The loss is the mean over the examples, so its slope is the mean of the slopes:

    $$\frac{{\partial L}}{{\partial w}} = \frac{{2}}{{n}} \sum_{{i=1}}^{{n}} (p_i - y_i) \, x_i$$

    $$\frac{{\partial L}}{{\partial b}} = \frac{{2}}{{n}} \sum_{{i=1}}^{{n}} (p_i - y_i)$$

    Both together are the **[[gradient]]**: one slope for each parameter. In code it is two lines.
    """)
    return


@app.function
def gradient(x, y, w, b):
    error = w * x + b - y  # [11]
    return 2 * (error * x).mean(), 2 * error.mean()


@app.cell
def _(celsius, readings):
    slope_w, slope_b = gradient(readings, celsius, w=1.0, b=0.0)
    slope_w, slope_b
    return slope_b, slope_w


@app.cell(hide_code=True)
def _(slope, slope_w):
    text(rf"""
    The formula says {brief(slope_w, 5)}, trying said {brief(slope, 5)}. This is how one checks a derivative.

    ## One step, and again

    Now everything is there, and it makes a circle. Once round is one [[step]]:
    """)
    return


@app.cell(hide_code=True)
def _():
    _round = [
        ("look at data", "x, y"),
        ("predict", "p = w·x + b"),
        ("how wrong?", "loss L"),
        ("which way?", "gradient"),
        ("update", "w, b"),
    ]
    _items = "".join(
        '<li style="display:flex;align-items:center;gap:0.5rem"><span style="border:1px solid;border-radius:0.6rem;'
        f'padding:0.3rem 0.8rem;text-align:center;line-height:1.4"><b>{title}</b><br><small>{what}</small></span>'
        f"{'→' if title != 'update' else '↺ and again'}</li>"
        for title, what in _round
    )
    mo.Html(f'<ol style="display:flex;flex-wrap:wrap;gap:0.6rem 0.5rem;list-style:none;padding:0">{_items}</ol>')
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    Write the circle yourself before you read on. Once it runs, you have trained a model.
    """)
    return


@app.cell
def _():
    exercise("descend_by_hand")
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    ## Too fast, too slow

    Here is the same loop with a line that keeps each step, so that we can look at the training afterwards.
    """)
    return


@app.function
def descend(x, y, rate, epochs, w=1.0, b=0.0):
    recording, w, b = Recording(), torch.tensor(w), torch.tensor(b)
    for _ in range(epochs + 1):
        slope_w, slope_b = gradient(x, y, w, b)
        kept = {"w": w, "b": b, "slope_w": slope_w, "slope_b": slope_b}
        recording.add(loss=F.mse_loss(w * x + b, y), line=w * x + b, **kept)
        w, b = w - rate * slope_w, b - rate * slope_b
    return recording


@app.cell(hide_code=True)
def _():
    text(r"""
    Let it learn from the readings as they are. Play it, one step at a time. Then move the slider until it learns.
    """)
    return


@app.cell(hide_code=True)
def _():
    raw_rate = mo.ui.slider(
        steps=[1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 2e-4, 3e-4, 4e-4, 1e-3, 3e-3, 1e-2],
        value=1e-2,
        debounce=True,
        show_value=True,
        label="learning rate",
    )
    raw_rate
    return (raw_rate,)


@app.cell
def _(raw_rate):
    raw_learning_rate, raw_epochs = raw_rate.value, 100
    return raw_epochs, raw_learning_rate


@app.cell(hide_code=True)
def _(celsius, line, readings):
    written = {"slope_w": "∂L/∂w", "slope_b": "∂L/∂b"}
    raw_picture = Stepper(descend(readings, celsius, 1e-2, 100), line, place="raw", unit="epoch", words=written)
    raw_picture
    return raw_picture, written


@app.cell(hide_code=True)
def _(baseline, celsius, raw_epochs, raw_learning_rate, raw_picture, readings):
    raw = descend(readings, celsius, raw_learning_rate, raw_epochs)
    raw_picture.show(raw)
    raw_losses = raw.values("loss")
    _first, _second, _last = (brief(raw_losses[i]) for i in (0, 1, -1))
    if raw.diverged is not None:
        _said = (
            f"the loss grows with each step, from {_first} to {_second} after the first, and at step {raw.diverged} it "
            f"is {brief(raw_losses[raw.diverged])}. Nothing comes back from there: every further number is made of it."
        )
    elif raw_losses[-1] > raw_losses[0]:
        _said = f"the loss grows, slowly but without end: from {_first} to {_last} after {raw_epochs} steps."
    else:
        _said = (
            f"the loss falls from {_first} to **{_last}** after {raw_epochs} steps. The last ten of them together "
            f"gained {brief(raw_losses[-11] - raw_losses[-1], 2)}. The baseline has {brief(baseline)}."
        )
    text(f"With a learning rate of {brief(raw_learning_rate)} {_said}")
    return raw, raw_losses


@app.cell
def _(celsius, readings):
    fast = descend(readings, celsius, rate=1e-2, epochs=100)
    slow = descend(readings, celsius, rate=1e-4, epochs=100)
    fast.diverged, slow.values("loss")[-1]
    return fast, slow


@app.cell(hide_code=True)
def _(fast, slow):
    _first = {name: brief(slow.values(name)[0]) for name in ("slope_w", "slope_b")}
    _last = {name: brief(slow.values(name)[-1], 3) for name in ("loss", "w", "b")}
    text(rf"""
    The first rate, a usual one, is lost at step {fast.diverged}. A hundredth of it brings the loss down to
    {brief(slow.values("loss")[-1])}, and there it crawls. After {slow.steps[-1]} steps $w$ is {_last["w"]}, but $b$ has
    hardly left zero, it is {_last["b"]}. Look at the two slopes of the first step: {_first["slope_w"]} for $w$ and
    {_first["slope_b"]} for $b$. One learning rate has to serve both, and what is small enough for $w$ is far too small
    for $b$.

    ## Change the scale of the inputs

    The slope of $w$ is so large because each error is multiplied by $x_i$, and the readings are large. Nobody forces us
    to learn from them as they are. Subtract a number $m$ from them and divide by another, $s$:

    $$x_i' = \frac{{x_i - m}}{{s}}$$

    With $m = 0$ and $s = 10$ we count in tens. With their own mean and standard deviation for $m$ and $s$ the readings
    get mean zero and spread one, which is called [[normalisation]]. Every line that was possible before still is. Only
    the units of the two knobs are others.
    """)
    return


@app.function
def middle_and_spread(x, scaling):
    if scaling == "divided by 10":
        return 0.0, 10.0
    if scaling == "mean 0, spread 1":
        return x.mean(), x.std(correction=0)
    return 0.0, 1.0  # raw


@app.cell(hide_code=True)
def _():
    scaling_choice = mo.ui.radio(
        ["raw", "divided by 10", "mean 0, spread 1"], value="divided by 10", label="inputs", inline=True
    )
    rate_choice = mo.ui.slider(
        steps=[1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 2e-2, 3e-2, 4e-2, 0.1, 0.3, 0.5, 0.9, 1.1],
        value=1e-2,
        debounce=True,
        show_value=True,
        label="learning rate",
    )
    epochs_choice = mo.ui.slider(
        steps=[10, 30, 100, 300, 1000, 3000, 5000], value=5000, debounce=True, show_value=True, label="epochs"
    )
    mo.vstack([scaling_choice, mo.hstack([rate_choice, epochs_choice], justify="start", gap=2, wrap=True)])
    return epochs_choice, rate_choice, scaling_choice


@app.cell
def _(epochs_choice, rate_choice, scaling_choice):
    scaling = scaling_choice.value
    learning_rate, epochs = rate_choice.value, epochs_choice.value
    return epochs, learning_rate, scaling


@app.cell
def _(celsius, epochs, learning_rate, readings, scaling):
    m, s = middle_and_spread(readings, scaling)
    inputs = (readings - m) / s  # [11]
    trained = descend(inputs, celsius, learning_rate, epochs)
    losses = trained.values("loss")
    losses[-1]
    return inputs, losses, m, s, trained


@app.cell(hide_code=True)
def _(celsius):
    def over_parameters(x, w, b):
        """The loss around its lowest point (w, b), the same distance in both directions."""
        far = 1.5 * max(abs(w - 1.0), abs(b))
        near = torch.linspace(-1, 1, 121) ** 3  # closer together in the middle: a valley can be very narrow
        ws, bs = w + 1.3 * far * near, b + far * torch.linspace(-1, 1, 121)
        heights = (ws[None, :, None] * x + bs[:, None, None] - celsius).square().mean(-1)  # [121, 121]
        return Contour(heights, ws, bs, ("w", "b"), across="weight w", up="bias b", lowest=(w, b))

    return (over_parameters,)


@app.cell(hide_code=True)
def _(celsius, line, readings, written):
    scaled_picture = Stepper(
        descend(readings / 10, celsius, 1e-2, 1), line, place="scaled", unit="epoch", words=written
    )
    scaled_picture
    return (scaled_picture,)


@app.cell(hide_code=True)
def _(epochs, inputs, learning_rate, line, losses, lowest, over_parameters, scaled_picture, scaling, solved, trained):
    scaled_picture.show(trained, line, over_parameters(inputs, *solved))
    w, b = trained.values("w")[-1], trained.values("b")[-1]
    if trained.diverged is not None or not losses[-1] < losses[0]:
        _said = "It diverges, and no number of epochs will help: take a smaller learning rate."
    elif losses[-1] < 1.01 * lowest:
        _said = f"It has arrived: no line has a loss below {brief(lowest)}."
    else:
        _said = f"It is still on its way: the best line has {brief(lowest)}."
    text(rf"""
    Inputs **{scaling}**, learning rate {brief(learning_rate)}, {epochs} epochs: from {brief(losses[0])} the loss went
    to **{brief(losses[-1])}**, with $w = {w:.4g}$ and $b = {b:.4g}$. {_said}

    The second picture is the loss from above, like a mountain on a map. Each line joins pairs of $w$ and $b$ with the
    same loss, the dark middle is the valley, and the cross is its lowest point, $w = {solved[0]:.3g}$ and
    $b = {solved[1]:.3g}$. Choose the three kinds of inputs in turn and look at the shape: a crack, a narrow valley, a
    round bowl. The gradient points straight uphill. In the bowl straight down leads to the lowest point, in the crack
    it leads to the other wall.
    """)
    return b, w


@app.cell(hide_code=True)
def _():
    text(r"""
    The shape can be measured. Two numbers, the *curvatures*, say how strongly the loss bends along the valley and
    across it. (How PyTorch finds them is linear algebra; you can leave it at that.) With a learning rate of more than
    two divided by the larger one, each step lands higher than the last. So the **steepest** direction says how large
    the learning rate may be, and the **flattest** how long it takes.
    """)
    return


@app.function
def curvatures(x):
    columns = torch.stack([x, torch.ones_like(x)], dim=1)  # [11, 2]
    return torch.linalg.eigvalsh(2 * columns.T @ columns / len(x))  # [2]: along the valley, across it


@app.cell
def _(inputs):
    along, across = curvatures(inputs)
    highest_rate = 2 / across
    along, across, highest_rate
    return across, along, highest_rate


@app.cell(hide_code=True)
def _(across, along, highest_rate, learning_rate, scaling):
    _ratio = across / along
    _bends = (
        f"{brief(_ratio, 3)} times as strongly across the valley as along it" if _ratio > 1.01 else "equally all round"
    )
    text(rf"""
    For the inputs that you chose ({scaling}) the loss bends {_bends}, and learning rates above
    **{brief(highest_rate, 3)}** diverge. Yours is {brief(learning_rate)}.

    How long does it take? Take half of the highest rate, and count the epochs until the loss is within one per cent of
    the lowest.
    """)
    return


@app.function
def epochs_needed(x, y, rate, loss, most):
    w, b = torch.tensor(1.0), torch.tensor(0.0)
    for epoch in range(most + 1):
        if F.mse_loss(w * x + b, y) < loss:
            return epoch
        slope_w, slope_b = gradient(x, y, w, b)
        w, b = w - rate * slope_w, b - rate * slope_b
    return None


@app.cell(hide_code=True)
def _(celsius, lowest, readings):
    most, needed, _rows = 2000, {}, []
    for _scaling in ("raw", "divided by 10", "mean 0, spread 1"):
        _m, _s = middle_and_spread(readings, _scaling)
        _x = (readings - _m) / _s
        _along, _across = curvatures(_x)
        needed[_scaling] = epochs_needed(_x, celsius, 1 / _across, 1.01 * lowest, most)
        _count = needed[_scaling] if needed[_scaling] is not None else f"more than {most}"
        _rows.append(f"| {_scaling} | {brief(_across / _along, 3)} | {brief(2 / _across, 3)} | {_count} |")
    text(rf"""
    | inputs | across : along | highest rate | epochs |
    |---|---|---|---|
    {chr(10).join(_rows)}

    The same data, the same model, the same loop: only the unit of the input differs. That is why nearly every lesson
    from here on normalises its inputs first.
    """)
    return (needed,)


@app.cell
def _(b, m, model, s, today, w):
    answer = model((today - m) / s, w, b)
    answer
    return (answer,)


@app.cell(hide_code=True)
def _(answer, b, losses, lowest, m, s, today, w):
    _slope, _zero = w / float(s), b - w * float(m) / float(s)
    if not losses[-1] < 1.01 * lowest:
        _said = "But the training above has not arrived, so do not trust it: turn the knobs until it has."
    else:
        _said = (
            rf"Written for the raw readings, your line is $p = {_slope:.4f} \, x - {-_zero:.2f}$. Is that familiar? "
            r"Degrees Fahrenheit are turned into Celsius by $\frac59 x - \frac{5 \cdot 32}9$, which is about "
            rf"${5 / 9:.4f} \, x - {5 * 32 / 9:.2f}$. Nobody told the machine. From a few examples with errors in them "
            "it found out, nearly, that the old thermometer speaks **Fahrenheit**."
        )
    text(rf"""
    ## The answer

    Today the thermometer says {brief(today)}, so your line predicts **{brief(answer, 3)} °C**. Note what the code does
    to the new reading first: the same $m$ and $s$ as in training. Who forgets this gets nonsense, and no error.

    {_said}

    ## Random numbers that look at data

    We began at $w = 1$ and $b = 0$. Did that matter? Let chance choose where to begin, four times.
    """)
    return


@app.cell(hide_code=True)
def _():
    seed_choice = mo.ui.slider(0, 20, value=0, show_value=True, label="other random numbers")
    seed_choice
    return (seed_choice,)


@app.cell
def _(seed_choice):
    seed = seed_choice.value
    return (seed,)


@app.cell
def _(celsius, readings, seed):
    chance = torch.Generator().manual_seed(seed)
    begin = 10 * torch.randn(4, 2, generator=chance)  # [4, 2]: four times w and b
    normal = (readings - readings.mean()) / readings.std(correction=0)  # [11]
    starts = [descend(normal, celsius, 0.1, 100, w, b) for w, b in begin.tolist()]
    [one.values("loss")[-1] for one in starts]
    return (starts,)


@app.cell(hide_code=True)
def _(starts):
    def _row(one):
        first, last = ([one.values(name)[at] for name in ("w", "b", "loss")] for at in (0, -1))
        return "| " + " | ".join([*(brief(value, 3) for value in first), *(brief(value) for value in last)]) + " |"

    text(rf"""
    | $w$ at first | $b$ at first | loss at first | $w$ at last | $b$ at last | loss at last |
    |---|---|---|---|---|---|
    {chr(10).join(_row(one) for one in starts)}

    Wherever they begin, after {starts[0].steps[-1]} epochs they are in the same place. This is what learning is:
    **random numbers look at data and are updated, again and again**, until they fit. A large model has millions of
    them, and the loop is this one.
    """)
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    ## Why walk, if one could jump?

    For a straight line the lowest point can be computed at once, without a learning rate and without a single step:
    """)
    return


@app.cell
def _(celsius, inputs):
    columns = torch.stack([inputs, torch.ones_like(inputs)], dim=1)  # [11, 2]
    solution = torch.linalg.lstsq(columns, celsius.unsqueeze(1)).solution  # [2, 1]
    solved = solution.squeeze(1).tolist()  # w and b
    lowest = F.mse_loss(solved[0] * inputs + solved[1], celsius).item()
    lowest
    return lowest, solved


@app.cell(hide_code=True)
def _(losses, lowest):
    text(rf"""
    The best possible loss of a line is {brief(lowest)}; your descent above is at {brief(losses[-1])}. The jump works
    because the loss of a line is **[[convex]]**: one bowl, one lowest point, and a formula for it. Once a model has
    layers on top of each other, its loss has many valleys, and no formula leads to the bottom. The methods for convex
    problems do **not carry over**. Walking downhill does: all it needs is a slope. It may end in a valley that is not
    the deepest ([Optimizers](/lessons/11) looks into that), and in practice that is mostly good enough.
    """)
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    ## Epochs and steps

    One pass over all data is an **[[epoch]]**, one update is a **[[step]]** (or iteration). We have used *all* examples
    for each step, and so the two coincided. *Only* so. Who has a million pictures does not look at all of them before
    moving once, but takes some, a [[batch]], moves, and takes the next.
    """)
    return


@app.cell
def _():
    def steps_per_epoch(examples, batch_size):
        return -(-examples // batch_size)  # rounded up: the last one may be short

    return (steps_per_epoch,)


@app.cell(hide_code=True)
def _():
    size_choice = mo.ui.slider(1, 11, value=4, show_value=True, label="batch size")
    size_choice
    return (size_choice,)


@app.cell
def _(size_choice):
    batch_size = size_choice.value
    return (batch_size,)


@app.cell(hide_code=True)
def _(batch_size, epochs, readings, steps_per_epoch):
    _steps = steps_per_epoch(len(readings), batch_size)
    text(rf"""
    {len(readings)} examples in batches of {batch_size} make **{_steps} step{"s" if _steps > 1 else ""} an epoch**. The
    {epochs} epochs from above would be {epochs * _steps}
    updates{", one an epoch: the batch is all there is" * (_steps == 1)}.

    ## Let PyTorch find the slopes

    We found two derivatives with pen and paper. For a network with a hundred layers nobody does that. PyTorch does:
    mark the parameters with `requires_grad=True`, compute the loss as ever, and call `backward()`.
    """)
    return


@app.cell
def _(celsius, readings):
    by_torch_w = torch.tensor(1.0, requires_grad=True)
    by_torch_b = torch.tensor(0.0, requires_grad=True)
    F.mse_loss(by_torch_w * readings + by_torch_b, celsius).backward()
    by_torch_w.grad, by_torch_b.grad
    return by_torch_b, by_torch_w


@app.cell(hide_code=True)
def _(by_torch_b, by_torch_w, slope_b, slope_w):
    text(rf"""
    PyTorch says {brief(by_torch_w.grad, 5)} and {brief(by_torch_b.grad, 5)}, our formula said {brief(slope_w, 5)} and
    {brief(slope_b, 5)}. How it does that is the [next lesson](/lessons/09). For the exercise you need two of its
    habits. It *records* all that you do with such a tensor, so the update itself belongs into `with torch.no_grad():`.
    And it **adds** new gradients to old ones, so after each step the old ones have to go.
    """)
    return


@app.cell
def _():
    exercise("gradient_descent_step")
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    ## Break it

    Three mistakes that everybody makes once, beside a healthy training. Learn what each of them looks like: when a
    training goes wrong, the loss curve is the first thing to look at.
    """)
    return


@app.cell
def _(celsius, readings):
    def broken(rate, forget_to_zero=False, x=readings / 10, y=celsius):
        recording, knobs, slopes = Recording(), torch.tensor([1.0, 0.0]), torch.zeros(2)
        for _ in range(61):
            w, b = knobs
            recording.add(loss=F.mse_loss(w * x + b, y), w=w, b=b, line=w * x + b)
            slopes = torch.stack(gradient(x, y, w, b)) + (slopes if forget_to_zero else 0)  # [2]
            knobs = knobs - rate * slopes
        return recording

    return (broken,)


@app.cell(hide_code=True)
def _(broken, line):
    broken_runs = {
        "healthy": broken(1e-2),
        "learning rate too high": broken(3.6e-2),
        "gradients not set to zero": broken(1e-2, forget_to_zero=True),
        "plus instead of minus": broken(-1e-3),
    }
    Stepper(broken_runs, line, place="break", question="Beside it:", beside="gradients not set to zero")
    return (broken_runs,)


@app.cell(hide_code=True)
def _(broken_runs):
    _last = {name: run.values("loss")[-1] for name, run in broken_runs.items()}
    _swing = broken_runs["gradients not set to zero"].values("loss")[5:]
    text(rf"""
    After {broken_runs["healthy"].steps[-1]} steps the healthy one has a loss of {brief(_last["healthy"])}.

    - Learning rate too high, {brief(_last["learning rate too high"])}: the line flips from side to side, further each
      time.
    - Plus instead of minus, {brief(_last["plus instead of minus"])}: uphill, and faster all the time.
    - Gradients not set to zero: each step repeats all earlier ones. The line runs through the valley and up the other
      side, and the loss swings between {brief(min(_swing), 3)} and {brief(max(_swing), 3)} without coming to rest.
      This one is the nastiest, for it looks as if it were learning.

    ## Quiz
    """)
    return


@app.cell
def _():
    quiz(8)
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    ## In five lines

    - The loss says in one number how wrong the predictions are; for numbers it is mostly the mean squared error.
    - The gradient has one slope for each parameter and points uphill; a step goes against it, learning rate times
      slope.
    - Too high a learning rate diverges, too low a one crawls; the steepest direction sets the limit.
    - Bring the inputs to one scale first: the valley becomes round, and one learning rate suits all parameters.
    - An epoch is a pass over all data, a step is one update; they coincide only when each step uses all data.

    ## Where it comes next

    - [Autograd](/lessons/09): how PyTorch finds the slopes, and an engine for it that you build yourself
    - [Linear regression, twice](/lessons/10): the same loop with `nn.Linear`, an optimizer and batches
    - [Optimizers](/lessons/11): momentum, valleys that are not the deepest, and finding a learning rate without
      guessing
    """)
    return


if __name__ == "__main__":
    app.run()
