import marimo

__generated_with = "0.25.2"
app = marimo.App(app_title="Autograd", width="medium")

with app.setup:
    from pathlib import Path

    import marimo as mo
    import torch
    import torch.nn.functional as F

    from torchbook import load
    from torchbook.course.grading.earlier_answers import built
    from torchbook.course.learner import workspace
    from torchbook.course.notebook import exercise, live, quiz, text
    from torchbook.course.pictures.brief import brief
    from torchbook.course.pictures.graph import Graph
    from torchbook.course.pictures.graph_engine import noted, walk
    from torchbook.course.pictures.stepper import Plot, Recording, Stepper
    from torchbook.course.pictures.tape import Tape
    from torchbook.explain import explain


@app.cell(hide_code=True)
def _():
    text(r"""
    # Autograd

    In the last lesson you found two slopes with pen and paper. A network has thousands of them, and nobody takes a
    pen. Here you see how PyTorch finds them all, in one walk backwards. Then you build a machine that does it too.

    **What you will be able to do**

    - ask PyTorch for a [[gradient]], and say why you get `None` instead
    - read a [[computation graph]], and follow the chain rule through it by hand
    - explain why gradients add up, when that is a mistake, and what it is good for
    - switch the recording off, for a block of code or along one path
    - build an [[autograd]] engine of your own, in some thirty lines, and train a network with it

    *A quarter of an hour to read, and an hour for the six exercises. It needs [gradient descent](/lessons/08).*
    """)
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    ## The question

    How fast does the loss change when one weight changes? You know a way that needs no mathematics: move the weight a
    little to both sides, compute the loss twice, and divide. It always works. What does it cost? Here is a small
    network, one that can read handwritten digits:
    """)
    return


@app.cell
def _():
    layers = torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10)
    network = torch.nn.Sequential(*layers)
    parameters = sum(one.numel() for one in network.parameters())
    parameters
    return layers, network, parameters


@app.cell(hide_code=True)
def _(parameters):
    text(rf"""
    For a straight line with its two parameters it is 4 losses a step. For this network it is **{2 * parameters:,}**,
    for a single step, and then the slopes are only roughly right. **Is there a way to get all of them at once,
    exactly, for the price of computing the loss a few times more?** There is. It is the reason why deep learning
    works at all.
    """)
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    ## You have to ask first

    Take the smallest model there is, a straight line: $y = w x + b$. Compute it, and ask how $y$ changes:
    """)
    return


@app.cell
def _():
    try:
        (3.0 * torch.tensor(2.0) + 1.0).backward()
    except RuntimeError as _error:
        not_asked = _error
    not_asked
    return (not_asked,)


@app.cell(hide_code=True)
def _(not_asked):
    _said = explain(not_asked)
    text(rf"""
    An error, and a fair one. In words: *{_said.what}*

    PyTorch does not record what you compute unless you say so. It would cost memory for nothing. You say it when you
    make the tensor: `requires_grad=True` means *I shall ask for the gradient of this one*. We want it for the
    [[parameter|parameters]]
    $w$ and $b$. The input $x$ is what was measured. It will not be changed, so nobody asks.
    """)
    return


@app.cell
def _():
    def line(x, w, b):
        x = torch.tensor(x)
        w = torch.tensor(w, requires_grad=True)
        b = torch.tensor(b, requires_grad=True)
        with Tape() as tape:  # only for the picture below
            y = w * x + b
            y.backward()
        return tape, {"y": y.item(), "w": w.grad, "b": b.grad, "x": x.grad}

    return (line,)


@app.cell(hide_code=True)
def _():
    x_knob = mo.ui.slider(-3.0, 3.0, step=0.5, value=2.0, debounce=False, show_value=True, label="input $x$")
    w_knob = mo.ui.slider(-3.0, 3.0, step=0.5, value=3.0, debounce=False, show_value=True, label="weight $w$")
    b_knob = mo.ui.slider(-3.0, 3.0, step=0.5, value=1.0, debounce=False, show_value=True, label="bias $b$")
    mo.hstack([x_knob, w_knob, b_knob], justify="start", gap=2, wrap=True)
    return b_knob, w_knob, x_knob


@app.cell(hide_code=True)
def _(b_knob, w_knob, x_knob):
    at_x, at_w, at_b = x_knob.value, w_knob.value, b_knob.value
    return at_b, at_w, at_x


@app.cell(hide_code=True)
def _(line):
    line_picture = Graph(line(2.0, 3.0, 1.0)[0], place="line")
    line_picture
    return (line_picture,)


@app.cell(hide_code=True)
def _(at_b, at_w, at_x, line, line_picture):
    _tape, line_says = line(at_x, at_w, at_b)
    line_picture.show(_tape)
    text(rf"""
    Press *Step* and watch: numbers run forward, from what is given to the result. Then `backward()` runs the same way
    back, and each tensor that asked finds its slope in `.grad`. With your numbers:

    | | value | meaning |
    |---|---|---|
    | `y` | {brief(line_says["y"])} | $w x + b = {at_w:g} \cdot {at_x:g} + {at_b:g}$ |
    | `w.grad` | **{brief(line_says["w"])}** | $\partial y / \partial w = x$: if $w$ grows by 1, $y$ grows by $x$ |
    | `b.grad` | **{brief(line_says["b"])}** | $\partial y / \partial b = 1$: if $b$ grows by 1, so does $y$ |
    | `x.grad` | **{line_says["x"]}** | nobody asked |

    `None` is not zero. Zero would say that $x$ does not matter. `None` says that it was never computed. Move the
    three knobs: which of the two slopes changes, and with which knob?
    """)
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    Three lines are all that is needed: ask, compute, `backward()`. Use them.
    """)
    return


@app.cell
def _():
    exercise("slopes_by_autograd")
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    ## The graph, and the chain rule

    While you compute, PyTorch takes notes: which operation made this tensor, and out of which others. These notes are
    the **[[computation graph]]**. You can look at them. First a short name for what comes again and again from here
    on, a tensor that asks:
    """)
    return


@app.function
def asks(value):
    return torch.tensor(value, requires_grad=True)


@app.cell(hide_code=True)
def _():
    text(r"""
    Here is a prediction for one example, and its squared error:
    """)
    return


@app.cell
def _():
    def squared_error(x, w, b, target):
        x, w, b, target = torch.tensor(x), asks(w), asks(b), torch.tensor(target)
        with Tape() as tape:
            prediction = w * x + b
            error = prediction - target
            loss = error**2
            loss.backward()
        return tape, loss, {"error": error.item(), "w": w.grad.item(), "b": b.grad.item()}

    return (squared_error,)


@app.cell
def _(at_b, at_w, at_x, squared_error):
    error_tape, loss_at_knobs, chain = squared_error(at_x, at_w, at_b, target=4.0)
    loss_at_knobs.grad_fn, loss_at_knobs.grad_fn.next_functions
    return chain, error_tape


@app.cell(hide_code=True)
def _():
    text(r"""
    `grad_fn` is the function that made the loss, seen from behind, and its `next_functions` lead further back. Nobody
    reads that for long. The picture below is made from the very same notes.
    """)
    return


@app.cell(hide_code=True)
def _(squared_error):
    chain_picture = Graph(squared_error(2.0, 3.0, 1.0, 4.0)[0], place="chain")
    chain_picture
    return (chain_picture,)


@app.cell(hide_code=True)
def _(at_x, chain, chain_picture, error_tape):
    chain_picture.show(error_tape)
    text(rf"""
    Step through the way back, and say aloud what happens at each node. *A gradient arrives. It is multiplied by the
    slope of this one operation. It goes on.* That is the **chain rule**, and it is all there is:

    $$\frac{{\partial L}}{{\partial w}} =
    \underbrace{{\frac{{\partial L}}{{\partial e}}}}_{{2e}} \cdot
    \underbrace{{\frac{{\partial e}}{{\partial p}}}}_{{1}} \cdot
    \underbrace{{\frac{{\partial p}}{{\partial w}}}}_{{x}}
    = {brief(2 * chain["error"])} \cdot 1 \cdot {at_x:g} = {brief(2 * chain["error"] * at_x)}$$

    $L$ is the loss, $e = p - t$ the error, $p = w x + b$ the prediction and $t$ the target, which is 4. PyTorch says
    `w.grad` = **{brief(chain["w"])}**. And $b$ has the same way but for its last piece, which is 1: `b.grad` =
    **{brief(chain["b"])}**. (The three knobs further up move this picture too.)

    Each operation must only know its own slope. The square knows nothing of the product, and the product nothing of
    the loss. But it has to remember the numbers from the way forward: the slope in the direction of $w$ is $x$, and
    it needs that $x$ on the way back. So they are kept. Forward with everything kept, backward with everything
    multiplied: this is **[[backpropagation]]**.
    """)
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    ## Two paths: add

    What if a weight matters in two ways? Often one wants weights to stay small and adds a penalty to the loss,
    $L = e^2 + \frac12 w^2$. Now $w$ reaches the loss through the error *and* through the penalty.
    """)
    return


@app.cell
def _():
    def with_penalty(x, w, target):
        x, w, target = torch.tensor(x), asks(w), torch.tensor(target)
        with Tape() as tape:
            error = w * x - target
            penalty = 0.5 * w**2
            loss = error**2 + penalty
            loss.backward()
        return tape, {"error": error.item(), "w": w.grad.item()}

    return (with_penalty,)


@app.cell(hide_code=True)
def _(with_penalty):
    paths_picture = Graph(with_penalty(2.0, 3.0, 4.0)[0], place="paths")
    paths_picture
    return (paths_picture,)


@app.cell(hide_code=True)
def _(at_w, at_x, paths_picture, with_penalty):
    _tape, two_paths = with_penalty(at_x, at_w, 4.0)
    paths_picture.show(_tape)
    _first, _second = 2 * two_paths["error"] * at_x, at_w
    text(rf"""
    Along a path slopes are **multiplied**. Where paths meet, they are **added**: the error asks $w$ for
    {brief(_first)}, the penalty for
    {brief(_second)}, and together that is

    $$\frac{{\partial L}}{{\partial w}} = \underbrace{{2 e \cdot x}}_{{{brief(_first)}}} +
    \underbrace{{w \vphantom{{2e}}}}_{{{brief(_second)}}} = {brief(_first + _second)}$$

    `w.grad` is **{brief(two_paths["w"])}**. Multiply along, add where they meet. You now know backpropagation; the
    rest is bookkeeping.
    """)
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    ## Leaves, and what lies between

    A tensor that you make yourself with `requires_grad=True` is a **leaf** of the graph. Only leaves keep their
    gradient in `.grad`. The tensors in between get one too, as you saw, but it is thrown away as soon as it has been
    passed on.
    """)
    return


@app.cell
def _():
    weight = torch.tensor(3.0, requires_grad=True)  # a leaf
    double = 2 * weight  # in between: made by an operation
    double.retain_grad()  # for the curious: keep this gradient too
    (double**2).backward()
    weight.is_leaf, double.is_leaf, weight.grad, double.grad
    return double, weight


@app.cell(hide_code=True)
def _():
    text(r"""
    A leaf must not be changed while PyTorch takes notes. Its old number may still be needed on the way back, and an
    update is no part of the model anyway. So this, which looks so natural, fails:
    """)
    return


@app.cell
def _(weight):
    def update(weight):
        weight -= 0.1 * weight.grad

    try:
        update(weight)
    except RuntimeError as _error:
        in_place = _error
    in_place
    return (in_place,)


@app.cell(hide_code=True)
def _(in_place):
    _said = explain(in_place)
    text(rf"""
    In words: *{_said.what}* What to do: {_said.fix}

    Do not read errors like this one as a scolding. It has just saved you from wrong gradients. (`torchbook.explain`
    turns the errors of PyTorch into such sentences, in your own programs too: `from torchbook.explain import
    explain`.)
    """)
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    ## Gradients add up

    `backward()` has a habit that surprises everyone once. It does not put a new gradient into `.grad`. It **adds** it
    to what is there. Compute the same loss twice, go back twice, and look at `w.grad`:
    """)
    return


@app.cell
def _():
    def twice(x, w):
        x, w = torch.tensor(x), asks(w)
        with Tape() as tape:
            for _ in range(2):
                loss = (w * x - 4.0) ** 2
                loss.backward()
        return tape, w.grad.item()

    return (twice,)


@app.cell(hide_code=True)
def _(twice):
    twice_picture = Graph(twice(2.0, 3.0)[0], place="twice", step=8)
    twice_picture
    return (twice_picture,)


@app.cell(hide_code=True)
def _(at_w, at_x, twice, twice_picture):
    _tape, added_up = twice(at_x, at_w)
    twice_picture.show(_tape)
    text(rf"""
    One way back gives {brief(2 * (at_w * at_x - 4) * at_x)}, but after two of them `w.grad` is **{brief(added_up)}**.
    Note also that there are *two* graphs here. The first is given up as soon as its `backward()` is done, and the
    second forward pass writes a new one.

    So after every update the old gradients must go: `w.grad = None`, or `w.grad.zero_()`, or `optimizer.zero_grad()`
    for all parameters at once. Here is one whole step. With `forget` it leaves the gradient where it is:
    """)
    return


@app.function
def descend(w, rate, forget):
    loss = (w * 2.0 - 4.0) ** 2  # lowest at w = 2
    loss.backward()
    with torch.no_grad():  # the update is not recorded
        w -= rate * w.grad
    if not forget:
        w.grad.zero_()
    return loss


@app.cell(hide_code=True)
def _():
    text(r"""
    Who forgets it steps along a mixture of today's slope and all slopes before. The picture shows three steps from
    $w = 0$. **Break it**, and step on until the two part:
    """)
    return


@app.cell(hide_code=True)
def _():
    def three_steps(rate, forget):
        w = asks(0.0)
        with Tape() as tape:
            for _ in range(3):
                loss = descend(w, rate, forget)
                if forget:
                    tape.note("The old gradient stays in w.grad.")
        return tape, w.item(), loss.item()

    return (three_steps,)


@app.cell(hide_code=True)
def _():
    rate_knob = mo.ui.slider(0.02, 0.2, step=0.02, value=0.1, show_value=True, label="learning rate")
    rate_knob
    return (rate_knob,)


@app.cell(hide_code=True)
def _(three_steps):
    zero_picture = Graph(
        {"healthy": three_steps(0.1, False)[0], "zero_grad forgotten": three_steps(0.1, True)[0]},
        place="zero",
        question="Break it:",
    )
    zero_picture
    return (zero_picture,)


@app.cell(hide_code=True)
def _(rate_knob, readings, three_steps, zero_picture):
    _healthy, healthy_w, _ = three_steps(rate_knob.value, False)
    _broken, broken_w, _ = three_steps(rate_knob.value, True)
    zero_picture.show({"healthy": _healthy, "zero_grad forgotten": _broken})
    text(rf"""
    The lowest point is at $w = 2$. With a learning rate of {rate_knob.value:g} the healthy run is at
    **{brief(healthy_w)}** after three steps, the other one at **{brief(broken_w)}**. It is carried on by slopes that
    were true earlier: too fast at first, and then past the valley. No error, no warning.

    **Why is it like that?** Because adding is what one needs when a gradient comes in parts: from two paths, from two
    losses, or from a batch that is too large for the memory. Then one computes the loss of one part after the other
    and calls `backward()` each time. This is **[[gradient accumulation]]**. Here with the {len(readings)} readings of
    the thermometer:
    """)
    return


@app.cell
def _():
    data = load("thermometer").train
    readings, order = data.inputs.squeeze(1).sort()  # [11]
    celsius = data.labels.squeeze(1)[order]  # [11]
    spread = readings.std(correction=0)
    inputs = (readings - readings.mean()) / spread  # [11]: mean 0, spread 1
    return celsius, inputs, readings, spread


@app.cell(hide_code=True)
def _():
    part_knob = mo.ui.slider(1, 11, value=4, show_value=True, label="readings in a part")
    part_knob
    return (part_knob,)


@app.cell(hide_code=True)
def _(part_knob):
    part_size = part_knob.value
    return (part_size,)


@app.cell
def _(celsius, inputs):
    slope = asks(1.0)
    F.mse_loss(slope * inputs, celsius).backward()
    at_once = slope.grad
    at_once
    return (at_once,)


@app.cell
def _(celsius, inputs, part_size):
    same_slope = asks(1.0)
    parts = list(zip(inputs.split(part_size), celsius.split(part_size)))
    for _x, _y in parts:  # each [part_size], the last one perhaps shorter
        _errors = same_slope * _x - _y
        (_errors.square().sum() / len(inputs)).backward()  # adds
    in_parts = same_slope.grad
    in_parts
    return in_parts, parts


@app.cell(hide_code=True)
def _(at_once, in_parts, part_size, parts):
    text(rf"""
    All at once the gradient is {brief(at_once, 6)}. In {len(parts)} part{"s" if len(parts) > 1 else ""} of at most
    {part_size}, it is **{brief(in_parts, 6)}**. The sum over the parts is divided by the number of *all* readings; a
    mean of means would weigh a short last part too much.
    """)
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    ## Off the record

    Sometimes nothing should be noted. There are two ways to say so. **`torch.no_grad()`** holds for a block of code:
    whatever is computed there leaves no trace. **`.detach()`** holds for one tensor: the same numbers, cut off from
    their past. Below, two stages: a hidden value $h = w x$, and a result $y = c\,h$. Choose what happens to the first
    stage.
    """)
    return


@app.function
def stage(x, w, how):
    if how == "under no_grad":
        with torch.no_grad():
            return w * x
    if how == "detached":
        return (w * x).detach()
    return w * x  # recorded


@app.cell
def _():
    def two_stages(x, w, first):
        x, w, c = torch.tensor(x), asks(w), asks(0.5)
        with Tape() as tape:
            hidden = stage(x, w, first)
            result = c * hidden
            result.backward()
        return tape, {"hidden": hidden.item(), "w": w.grad, "c": c.grad}

    return (two_stages,)


@app.cell(hide_code=True)
def _():
    stage_choice = mo.ui.radio(
        ["recorded", "under no_grad", "detached"], value="detached", inline=True, label="the first stage is"
    )
    stage_choice
    return (stage_choice,)


@app.cell(hide_code=True)
def _(stage_choice):
    first_stage = stage_choice.value
    return (first_stage,)


@app.cell(hide_code=True)
def _(two_stages):
    stage_picture = Graph(two_stages(2.0, 3.0, "detached")[0], place="stages", step=7)
    stage_picture
    return (stage_picture,)


@app.cell(hide_code=True)
def _(at_w, at_x, first_stage, pictures, stage_picture, two_stages):
    _tape, stages = two_stages(at_x, at_w, first_stage)
    stage_picture.show(_tape)
    _w = "None" if stages["w"] is None else brief(stages["w"])
    _said = {
        "recorded": "There is a way from the result to both parameters, and both get their gradient.",
        "under no_grad": "The block left no notes, so `hidden` is a plain number.",
        "detached": "The product was recorded, but `hidden` is its number without a past. The way back ends there.",
    }[first_stage]
    text(rf"""
    The first stage is **{first_stage}**. `hidden` is {brief(stages["hidden"])} in all three cases; forward, nothing
    changes. But `w.grad` is **{_w}**, and `c.grad` is **{brief(stages["c"])}**. {_said}

    A dashed line is a way without a gradient, and ✕ marks where one was cut off on purpose.

    When does one need it?

    - **Updates.** `w -= rate * w.grad` is not part of the model: `no_grad`.
    - **Validation and use.** You only want to know how good the model is. No `backward()` will follow, so notes are
      wasted: `no_grad` around the whole of it. A function that does both, training and validation, says `with
      torch.set_grad_enabled(training):`.
    - **Half a network.** One part learns, the other stands still: `detach` between them. ([Transfer
      learning](/lessons/26) and [GANs](/lessons/27) live on this.)

    How much is wasted? Let the small network from above look at {len(pictures):,} pictures, and count what is kept for
    the way back:
    """)
    return


@app.cell
def _():
    def kept_for_backward(model, pictures, training):
        kept = []
        hooks = torch.autograd.graph.saved_tensors_hooks
        watch = hooks(lambda one: kept.append(one.nbytes), lambda one: one)
        with torch.set_grad_enabled(training), watch:
            model(pictures)
        return sum(kept)

    return (kept_for_backward,)


@app.cell
def _(kept_for_backward, network):
    pictures = torch.zeros(1000, 784)  # [1000, 784]
    recorded_bytes = kept_for_backward(network, pictures, training=True)
    silent_bytes = kept_for_backward(network, pictures, training=False)
    recorded_bytes, silent_bytes
    return pictures, recorded_bytes, silent_bytes


@app.cell(hide_code=True)
def _(recorded_bytes, silent_bytes):
    text(rf"""
    {brief(recorded_bytes / 1e6, 2)} million bytes with the recording on, and **{silent_bytes}** with it off. A deep
    network on large pictures keeps far more. If validation runs out of memory where training just fits, you now know
    what to look for.
    """)
    return


@app.cell
def _():
    exercise("stop_the_gradient")
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    ## A new graph every time

    The notes are taken while your Python runs. So the graph is not a plan made beforehand. It is a diary: `if`,
    `while` and `print` work as ever, and every forward pass may look different. PyTorch calls this a *dynamic* graph.
    Move the knobs for $x$ and $w$, so that $w x$ changes its sign or its size:
    """)
    return


@app.cell(hide_code=True)
def _():
    x_again = mo.ui.slider(-3.0, 3.0, step=0.5, value=1.5, debounce=False, show_value=True, label="input $x$")
    w_again = mo.ui.slider(-3.0, 3.0, step=0.5, value=2.0, debounce=False, show_value=True, label="weight $w$")
    mo.hstack([x_again, w_again], justify="start", gap=2, wrap=True)
    return w_again, x_again


@app.cell(hide_code=True)
def _(w_again, x_again):
    fork_x, fork_w = x_again.value, w_again.value
    return fork_w, fork_x


@app.function
def winding(x, w):
    y = w * x
    if y > 0:
        y = y**2
    while y > 4:
        y = y / 2
    return y


@app.cell
def _():
    def fork(x, w):
        x, w = torch.tensor(x), asks(w)
        with Tape() as tape:
            y = winding(x, w)
            y.backward()
        return tape, {"y": y.item(), "w": w.grad.item()}

    return (fork,)


@app.cell(hide_code=True)
def _(fork):
    fork_picture = Graph(fork(1.5, 2.0)[0], place="fork", step=4)
    fork_picture
    return (fork_picture,)


@app.cell(hide_code=True)
def _(fork, fork_picture, fork_w, fork_x):
    _tape, fork_says = fork(fork_x, fork_w)
    fork_picture.show(_tape)
    operations = len(fork_picture.stories[0].graphs[0]["nodes"]) - 2
    text(rf"""
    With $x = {fork_x:g}$ and $w = {fork_w:g}$ the program took a way of **{operations}
    operation{"s" if operations > 1 else ""}**, to $y = {brief(fork_says["y"])}$, and `w.grad` is
    **{brief(fork_says["w"])}**: the slope of the way that was taken. About the others nothing is known. That $y$ was
    compared with 0 and with 4 left no trace, for a decision has no slope.

    ## The thermometer, without a pen

    Now put it to work. First the update of all parameters, with what you know by now: nothing is recorded, and the
    old gradients go.
    """)
    return


@app.function
def update_all(parameters, rate):
    with torch.no_grad():
        for one in parameters:
            one -= rate * one.grad
            one.grad = None


@app.cell(hide_code=True)
def _():
    text(r"""
    And this is the loop of the last lesson. Two lines with derivatives are gone, and one has come, `backward()`:
    """)
    return


@app.function
def fit(x, y, rate, epochs):
    recording, w, b = Recording(), asks(1.0), asks(0.0)
    for _ in range(epochs + 1):
        loss = F.mse_loss(w * x + b, y)  # [11] against [11]
        recording.add(loss=loss.item(), w=w.item(), b=b.item(), line=(w * x + b).detach())
        loss.backward()
        update_all([w, b], rate)
    return recording


@app.cell(hide_code=True)
def _():
    text(r"""
    To compare, the same with the slopes found by pen:
    """)
    return


@app.function
def fit_by_hand(x, y, rate, epochs):
    recording, w, b = Recording(), torch.tensor(1.0), torch.tensor(0.0)
    for _ in range(epochs + 1):
        error = w * x + b - y  # [11]
        recording.add(loss=error.square().mean(), w=w, b=b, line=w * x + b)
        w, b = w - rate * 2 * (error * x).mean(), b - rate * 2 * error.mean()
    return recording


@app.cell(hide_code=True)
def _():
    fit_rate = mo.ui.slider(steps=[0.003, 0.01, 0.03, 0.1, 0.3], value=0.1, show_value=True, label="learning rate")
    fit_rate
    return (fit_rate,)


@app.cell(hide_code=True)
def _(fit_rate):
    learning_rate, epochs = fit_rate.value, 60
    return epochs, learning_rate


@app.cell(hide_code=True)
def _(celsius, inputs, readings):
    _line = Plot("line", grid=readings, points=(readings, celsius), across="reading", up="degrees Celsius")
    fit_picture = Stepper(
        {"autograd": fit(inputs, celsius, 0.1, 60), "by hand": fit_by_hand(inputs, celsius, 0.1, 60)},
        _line,
        place="fit",
        unit="epoch",
        beside="by hand",
    )
    fit_picture
    return (fit_picture,)


@app.cell(hide_code=True)
def _(celsius, epochs, fit_picture, inputs, learning_rate):
    by_autograd = fit(inputs, celsius, learning_rate, epochs)
    by_hand = fit_by_hand(inputs, celsius, learning_rate, epochs)
    fit_picture.show({"autograd": by_autograd, "by hand": by_hand})
    apart = max(
        abs(one - other) / max(1.0, abs(one))
        for name in ("loss", "w", "b")
        for one, other in zip(by_autograd.values(name), by_hand.values(name))
    )
    text(rf"""
    After {epochs} epochs: loss **{brief(by_autograd.values("loss")[-1])}** with autograd and
    **{brief(by_hand.values("loss")[-1])}** by hand. In all these epochs the losses, weights and biases of the two
    never differ by more than {brief(apart, 2)} of their size, which is the rounding of the computer's numbers. The
    same descent. But the loop with autograd does not know what the model is. Put a hundred layers between $x$ and the
    predictions, and it stays as it is.

    That is worth a second look. Nothing in the loop says *thermometer*. It is a **generic** learner that
    **specialises by data**: show it other pairs, and it becomes another instrument.
    """)
    return


@app.function
def learn(x, y):
    middle, spread = x.mean(), x.std(correction=0)
    trained = fit((x - middle) / spread, y, rate=0.1, epochs=100)
    w, b = trained.values("w")[-1], trained.values("b")[-1]
    return lambda new: float(w * (new - middle) / spread + b)


@app.cell
def _(celsius, readings):
    fruit = load("fruit").train
    rainfall, apples = fruit.inputs[:, 1], fruit.labels[:, 0]  # [5] and [5]
    to_celsius, from_celsius = learn(readings, celsius), learn(celsius, readings)
    harvest = learn(rainfall, apples)
    asked = {"reading": 50.0, "celsius": 10.0, "rain": 100.0}
    to_celsius(asked["reading"]), from_celsius(asked["celsius"]), harvest(asked["rain"])
    return asked, from_celsius, harvest, to_celsius


@app.cell(hide_code=True)
def _(asked, from_celsius, harvest, to_celsius):
    _celsius = to_celsius(asked["reading"])
    _reading = from_celsius(asked["celsius"])
    _rain, _apples = asked["rain"], harvest(asked["rain"])
    text(rf"""
    | shown | it has become | asked | it says |
    |---|---|---|---|
    | readings and °C | the thermometer | reading {asked["reading"]:g} | {brief(_celsius, 3)} °C |
    | °C and readings | its reverse | {asked["celsius"]:g} °C | reading {brief(_reading, 3)} |
    | rainfall and apples of five regions | a harvest forecast | {_rain:g} mm of rain | {brief(_apples, 3)} tons |

    The same program, three times. Deep learning is this idea with more parameters: nobody engineers the solution, the
    data do.

    ## An engine of your own

    No magic is left, so build it yourself. A number that remembers what it was made of, how it changes with each of
    those, and a walk backwards that multiplies and adds. No PyTorch.
    """)
    return


@app.cell
def _():
    exercise("scalar_engine")
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    When it passes, press the button. Your engine then computes the squared error from above, and the picture shows
    *its* notes: the parents and slopes that it has kept, and the gradients that its `backward` has left.
    """)
    return


@app.function(hide_code=True)
def ask_engine(answers, x, w, b):
    engine, own = built("scalar_engine", Path(answers) if answers else None)
    try:
        names = {"x": engine.Value(x), "w": engine.Value(w), "b": engine.Value(b), "target": engine.Value(-4.0)}
        names["prediction"] = names["w"] * names["x"] + names["b"]
        names["error"] = names["prediction"] + names["target"]  # the target counts as negative
        loss = names["error"] * names["error"]
        loss.backward()
        yield {"own": own, "notes": noted(loss, **names, loss=loss)}
    except Exception as error:
        yield {"own": own, "failed": f"{type(error).__name__}: {error}"}


@app.cell(hide_code=True)
def _():
    engine_button = mo.ui.run_button(label="Show my engine")
    engine_x = mo.ui.slider(-3.0, 3.0, step=0.5, value=2.0, debounce=True, show_value=True, label="input $x$")
    engine_w = mo.ui.slider(-3.0, 3.0, step=0.5, value=3.0, debounce=True, show_value=True, label="weight $w$")
    engine_b = mo.ui.slider(-3.0, 3.0, step=0.5, value=1.0, debounce=True, show_value=True, label="bias $b$")
    mo.hstack([engine_x, engine_w, engine_b, engine_button], justify="start", gap=2, wrap=True)
    return engine_b, engine_button, engine_w, engine_x


@app.cell(hide_code=True)
def _(engine_b, engine_w, engine_x):
    engine_at = {"x": engine_x.value, "w": engine_w.value, "b": engine_b.value}
    return (engine_at,)


@app.cell(hide_code=True)
def _(engine_button):
    engine_button.value  # pressed: look at the answers again
    _found = workspace.find()
    answers = str(_found.folder / "answers") if _found else ""
    return (answers,)


@app.cell(hide_code=True)
def _(answers, engine_at, engine_button):
    engine_button.value
    engine_run = live(ask_engine, answers=answers, **engine_at)
    engine_run
    return (engine_run,)


@app.cell(hide_code=True)
def _():
    _engine = built("scalar_engine", None)[0].Value
    _x, _w, _b, _t = _engine(2.0), _engine(3.0), _engine(1.0), _engine(-4.0)
    _prediction = _w * _x + _b
    _error = _prediction + _t
    _loss = _error * _error
    _loss.backward()
    _notes = noted(_loss, x=_x, w=_w, b=_b, target=_t, prediction=_prediction, error=_error, loss=_loss)
    engine_picture = Graph(walk(_notes), place="engine", step=4)
    engine_picture
    return (engine_picture,)


@app.cell(hide_code=True)
def _(engine_at, engine_picture, engine_run, squared_error):
    engine_says = engine_run.reports[-1] if engine_run.reports else {}
    _whose = "Your engine" if engine_says.get("own") else "The engine of the solution (you have not begun yours yet)"
    if "notes" in engine_says:
        engine_picture.show(walk(engine_says["notes"]))
        engine_gradients = {note["name"]: note["grad"] for note in engine_says["notes"] if note["name"] in ("w", "b")}
        _torch = squared_error(**engine_at, target=4.0)[2]
        _agree = all(
            abs(engine_gradients[name] - _torch[name]) < 1e-4 * max(1, abs(_torch[name])) for name in ("w", "b")
        )
        _said = f"""
    {_whose} at $x = {engine_at["x"]:g}$, $w = {engine_at["w"]:g}$, $b = {engine_at["b"]:g}$:

    | | the engine | PyTorch |
    |---|---|---|
    | slope of $w$ | **{brief(engine_gradients["w"])}** | {brief(_torch["w"])} |
    | slope of $b$ | **{brief(engine_gradients["b"])}** | {brief(_torch["b"])} |

    {"They agree." if _agree else "They do not agree yet: which wrong number comes first?"} One thing is
    different: PyTorch computes a gradient only for those that asked. This engine computes all of them, that of $x$ too.
    """
    else:
        engine_gradients = {}
        _said = f"{_whose}: `{engine_says.get('failed', 'it is still running')}`"
    text(_said)
    return engine_gradients, engine_says


@app.cell(hide_code=True)
def _():
    text(r"""
    It can only add and multiply. Teach it to bend, then make neurons of it, then let them learn. Each exercise uses
    what you built in the one before.
    """)
    return


@app.cell
def _():
    exercise("engine_functions")
    return


@app.cell
def _():
    exercise("engine_network")
    return


@app.cell
def _():
    exercise("engine_training")
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    Now the trial. The task is XOR: two inputs, and the answer is yes when exactly one of them is on. No straight line
    can do it. Your engine trains a network of three hidden neurons, and PyTorch trains its twin from the same
    numbers.
    """)
    return


@app.function(hide_code=True)
def train_engine(answers, rate, epochs):
    engine, own = built("engine_training", Path(answers) if answers else None)
    points, labels = [[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]], [-1.0, 1.0, 1.0, -1.0]
    first, first_bias = [[1.0, 0.8], [-0.6, -1.0], [0.3, -0.4]], [0.5, 0.4, 0.1]
    last, last_bias = [[0.9, 0.7, 0.2]], [-0.3]
    try:
        values = [
            ([[engine.Value(one) for one in row] for row in rows], [engine.Value(one) for one in biases])
            for rows, biases in ((first, first_bias), (last, last_bias))
        ]
        losses = [float(loss) for loss in engine.train(points, labels, values, rate, epochs)]
    except Exception as error:
        yield {"own": own, "failed": f"{type(error).__name__}: {error}"}
        return
    x, y = torch.tensor(points), torch.tensor(labels)  # [4, 2] and [4]
    parameters = [torch.tensor(one, requires_grad=True) for one in (first, first_bias, last, last_bias)]
    twin = []
    for _ in range(epochs):
        w1, b1, w2, b2 = parameters
        scores = torch.tanh(torch.tanh(x @ w1.T + b1) @ w2.T + b2).squeeze(1)  # [4]
        loss = F.mse_loss(scores, y)
        loss.backward()
        with torch.no_grad():
            for one in parameters:
                one -= rate * one.grad
                one.grad = None
        twin.append(loss.item())
    yield {"own": own, "engine": losses, "torch": twin}


@app.cell(hide_code=True)
def _():
    xor_rate = mo.ui.slider(
        steps=[0.05, 0.1, 0.2, 0.5], value=0.5, debounce=True, show_value=True, label="learning rate"
    )
    xor_rate
    return (xor_rate,)


@app.cell(hide_code=True)
def _(xor_rate):
    xor_learning_rate, xor_epochs = xor_rate.value, 60
    return xor_epochs, xor_learning_rate


@app.cell(hide_code=True)
def _(answers, engine_button, xor_epochs, xor_learning_rate):
    engine_button.value
    xor_run = live(train_engine, answers=answers, rate=xor_learning_rate, epochs=xor_epochs)
    xor_run
    return (xor_run,)


@app.cell(hide_code=True)
def _(xor_epochs, xor_learning_rate, xor_run):
    xor_says = xor_run.reports[-1] if xor_run.reports else {}
    _whose = "Your engine" if xor_says.get("own") else "The engine of the solution"
    if "engine" in xor_says:
        _at = sorted({0, 1, 2, 5, 10, 20, 40, xor_epochs - 1})
        _rows = "\n".join(
            f"    | {epoch} | {brief(xor_says['engine'][epoch])} | {brief(xor_says['torch'][epoch])} |"
            for epoch in _at
            if epoch < xor_epochs
        )
        _said = f"""
    | epoch | {_whose.lower()} | PyTorch |
    |---|---|---|
{_rows}

    With a learning rate of {xor_learning_rate:g}. {_whose} has come from a loss of {brief(xor_says["engine"][0])} to
    **{brief(xor_says["engine"][-1])}**, and PyTorch to {brief(xor_says["torch"][-1])}. This is deep learning:
    a graph, a walk backwards, a small step. PyTorch does it with tensors instead of single numbers, and in C++. That is
    why it is fast.
    """
    else:
        _said = f"{_whose}: `{xor_says.get('failed', 'it is still running')}`"
    text(_said)
    return (xor_says,)


@app.cell(hide_code=True)
def _():
    text(r"""
    ## Quiz
    """)
    return


@app.cell
def _():
    quiz(9)
    return


@app.cell(hide_code=True)
def _():
    text(r"""
    ## In five lines

    - `requires_grad=True` asks, `backward()` on one number answers, `.grad` has the slope; who did not ask finds
      `None`.
    - The graph is written while your code runs, and given up after `backward()`; the next forward pass writes a new
      one.
    - Along a path slopes are multiplied, where paths meet they are added: that is all of backpropagation.
    - Gradients add up in `.grad`: set them back after each update, or use it on purpose for a batch in parts.
    - `no_grad` for a block (updates, validation), `detach` for one tensor: nothing is noted, no gradient passes.

    ## Where it comes next

    - [Linear regression, twice](/lessons/10): once with what you know now, once with `nn.Linear` and an optimizer
    - [Hidden layers](/lessons/15): backpropagation through a network, with matrices, by hand
    - [Overfitting](/lessons/17): validation under `no_grad`, and what `eval()` adds to it
    """)
    return


if __name__ == "__main__":
    app.run()
