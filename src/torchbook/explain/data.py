"""Rules for errors of data sets and loaders, optimizers and schedules, and for values that a function refuses."""

from torchbook.explain.rule import Match, Rule


def _getitem_fix(match: Match) -> str:
    methods = vars(type(match.context.arguments.get("self")))
    if near := next((name for name in methods if name.strip("_").replace("_", "") in ("getitem", "get")), ""):
        return f"It has a method `{near}`: its name must be `__getitem__`, with two underscores on each side."
    return "Define `def __getitem__(self, index):` and `def __len__(self):` inside the class."


RULES = (
    Rule(
        "lengths-not-sorted",
        "value",
        r"`lengths` array must be sorted in decreasing order",
        "The sequences of a packed batch must be sorted by length, the longest first, and these are not.",
        "Let torch sort them: `pack_padded_sequence(x, lengths, enforce_sorted=False)`.",
        ("padding", "recurrent network"),
    ),
    Rule(
        "optimizer-without-parameters",
        "value",
        r"optimizer got an empty parameter list",
        "The optimizer was given no parameters, so there is nothing it could change.",
        "Pass `model.parameters()`; layers must be attributes of the module (`self.layer = nn.Linear(...)`, a list of "
        "them `nn.ModuleList([...])`), and an iterator can be used up only once.",
        ("optimizer", "parameter", "module"),
    ),
    Rule(
        "optimizer-of-a-result",
        "autograd",
        r"can't optimize a non-leaf Tensor",
        "The optimizer was given a tensor that is the result of a computation; only tensors that you made yourself can "
        "be changed by it.",
        "Set `requires_grad=True` after the last computation: `w = (torch.randn(3) * 0.1).requires_grad_()`.",
        ("optimizer", "parameter", "computation graph"),
    ),
    Rule(
        "optimizer-takes-a-list",
        "python",
        r"params argument given to the optimizer should be an iterable of Tensors or dicts, but got (?P<type>[\w.]+)",
        "An optimizer takes a list of parameters, not a single tensor.",
        "Put it into brackets: `torch.optim.SGD([w], lr=0.1)`.",
        ("optimizer", "parameter"),
    ),
    Rule(
        "optimizer-of-strangers",
        "python",
        r"optimizer can only optimize Tensors, but one of the params is (?P<type>[\w.]+)",
        "The optimizer was given a list with a `{type}` in it; it takes the parameters, which are tensors.",
        "Pass `model.parameters()`, or `[*a.parameters(), *b.parameters()]` for two models.",
        ("optimizer", "parameter"),
    ),
    Rule(
        "optimizer-same-twice",
        "value",
        r"some parameters appear in more than one parameter group",
        "A parameter was given to the optimizer twice.",
        "Name every parameter in one group only.",
        ("optimizer", "parameter"),
    ),
    Rule(
        "optimizer-settings",
        "value",
        r"Invalid (?P<name>learning rate|momentum value|weight_decay value|epsilon value|beta parameter at index \d): "
        r"(?P<value>\S+)",
        "The {name} of the optimizer cannot be {value}.",
        "A learning rate is a small positive number such as 0.01; betas are between 0 and 1.",
        ("optimizer", "learning rate", "hyperparameter"),
    ),
    Rule(
        "schedule-too-long",
        "value",
        r"Tried to step (?P<got>\d+) times\. The specified number of total steps is (?P<want>\d+)",
        "The schedule of the learning rate was made for {want} steps, and this is step {got}.",
        "Make it with `total_steps = epochs * len(loader)`, and call `scheduler.step()` once after every "
        "`optimizer.step()`.",
        ("learning rate annealing", "step", "epoch"),
    ),
    Rule(
        "schedule-without-length",
        "value",
        r"You must define either total_steps OR \(epochs AND steps_per_epoch\)",
        "The schedule must know how long training lasts.",
        "Say `total_steps=epochs * len(loader)`.",
        ("learning rate annealing", "step"),
    ),
    Rule(
        "schedule-of-a-stranger",
        "python",
        r"(?P<type>\w+) is not an Optimizer",
        "A schedule changes the learning rate of an optimizer, but was given a `{type}`.",
        "Pass the optimizer: `torch.optim.lr_scheduler.StepLR(optimizer, step_size=10)`.",
        ("learning rate annealing", "optimizer"),
    ),
    Rule(
        "tensors-of-different-length",
        "shape",
        r"^AssertionError: Size mismatch between tensors",
        "A `TensorDataset` pairs the rows of its tensors, so all must have the same first size.",
        "Print the `len` of each: inputs and labels must belong together row by row.",
        ("dataset", "label"),
    ),
    Rule(
        "split-does-not-add-up",
        "value",
        r"Sum of input lengths does not equal the length of the input dataset",
        "The parts of a split must add up to the whole data set (or, as fractions, to 1).",
        "Compute the last one: `[n_train, len(dataset) - n_train]`.",
        ("validation set", "dataset"),
    ),
    Rule(
        "loader-of-nothing",
        "value",
        r"num_samples should be a positive integer value, but got num_samples=0",
        "The data set is empty, so there is nothing to shuffle.",
        "Print `len(dataset)`; perhaps a path or a filter is wrong.",
        ("data loader", "dataset"),
    ),
    Rule(
        "batch-size-not-positive",
        "value",
        r"batch_size should be a positive integer value, but got batch_size=(?P<value>\S+)",
        "The batch size must be a whole number of at least 1, but is {value}.",
        lambda match: (
            f"`/` gives a fraction: divide with `//`, or write `int({match['value']})`."
            if "." in match["value"]
            else "Write `batch_size=32`, for example."
        ),
        ("batch size", "data loader"),
    ),
    Rule(
        "shuffle-and-sampler",
        "value",
        r"sampler option is mutually exclusive with shuffle",
        "A sampler decides the order, and `shuffle=True` does too; only one of them can.",
        "Leave one out.",
        ("data loader",),
    ),
    Rule(
        "cannot-be-a-batch",
        "python",
        r"batch must contain tensors, numpy arrays, numbers, dicts or lists; found <class '(?P<type>[\w.]+)'>",
        "The loader puts examples together to a batch, but cannot do that with a `{type}`.",
        lambda match: (
            "`__getitem__` gave None for an example: every path through it must end with `return ...`."
            if match["type"] == "NoneType"
            else (
                "Turn the picture into a tensor in `__getitem__`: `torch.from_numpy(np.array(picture)).permute(2, 0, 1)"
                " / 255`."
                if "Image" in match["type"]
                else "Return tensors or numbers from `__getitem__`."
            )
        ),
        ("data loader", "batch", "dataset"),
    ),
    Rule(
        "examples-of-different-length",
        "shape",
        r"each element in list of batch should be of equal size",
        "The examples of a batch are lists of different lengths, or some have more parts than others.",
        "Let `__getitem__` return the same number of parts for every example.",
        ("data loader", "batch"),
    ),
    Rule(
        "dataset-without-getitem",
        "python",
        r"Subclasses of Dataset should implement __getitem__",
        "The data set has no method that gives an example by its number.",
        _getitem_fix,
        ("dataset",),
    ),
    Rule(
        "array-in-a-tensor-dataset",
        "python",
        r"^TypeError: 'int' object is not callable$",
        "A `TensorDataset` takes tensors, but was given NumPy arrays.",
        "Convert them: `TensorDataset(torch.from_numpy(x), torch.from_numpy(y))`.",
        ("dataset",),
        when=lambda match: "tensors" in match.context.arguments,
    ),
    Rule(
        "singular-matrix",
        "value",
        r"the input matrix is singular|not positive-definite",
        "This matrix cannot be inverted: some of its rows or columns say the same (or are 0).",
        "Use `torch.linalg.lstsq` or `torch.linalg.pinv`, or take the feature out that repeats others.",
        ("matrix",),
    ),
    Rule(
        "not-square",
        "shape",
        r"A must be batches of square matrices, but they are (?P<a>\d+) by (?P<b>\d+) matrices",
        "Only square matrices have an inverse, and this one is {a} by {b}.",
        "Use `torch.linalg.pinv(a)` or `torch.linalg.lstsq(a, b)`.",
        ("matrix",),
    ),
    Rule(
        "no-probabilities",
        "value",
        r"probability tensor contains either `inf`, `nan` or element < 0|Expected p_in >= 0 && p_in <= 1",
        "These are not probabilities: some are negative, too large or not a number.",
        "Make probabilities of scores with `softmax` or `sigmoid`; a `nan` often comes from a learning rate that is "
        "too high.",
        ("softmax", "sigmoid"),
    ),
    Rule(
        "sample-too-many",
        "value",
        r"cannot sample n_sample > prob_dist\.size\(-1\) samples without replacement",
        "More samples are drawn than there are different values.",
        "Draw fewer, or allow repetition: `torch.multinomial(p, n, replacement=True)`.",
        (),
    ),
)
