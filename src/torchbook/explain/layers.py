"""Rules for errors of layers whose input does not fit: channels, dimensions, sizes of pictures and batches."""

import ast

from torch import Tensor, nn

from torchbook.explain.failing_code import text_of
from torchbook.explain.near_names import nearest
from torchbook.explain.objects import layer_class
from torchbook.explain.rule import Match, Rule

_LIST = r"\[[\d, ]*\]"


def _channels(match: Match) -> str:
    layer = match.context.layer_in_words
    who = f"{layer[0].upper()}{layer[1:]}" if layer else f"The convolution (weights of shape {match['weight']})"
    return (
        f"{who} wants {_channel_count(match['want'])} in dimension 1, but the input, of shape {match['given']}, has "
        f"{match['got']} there."
    )


def _channel_count(number: str) -> str:
    return f"{number} channel{'' if number == '1' else 's'}"


def _channels_fix(match: Match) -> str:
    given, want, got = match.sizes("given"), int(match["want"]), int(match["got"])
    batch = match.context.tensor("input")
    # What earlier layers computed is no picture as it was read.
    is_read = batch is None or not batch.requires_grad
    if batch is not None and batch.dim() == 3 and want == 1:
        name = next(iter(match.context.tensors), "x")
        return (
            f"The channel is missing: a batch of grey pictures is [n, 1, height, width], so `{name}.unsqueeze(1)`."
            f" Without it the {got} pictures were taken for channels of one."
        )
    if batch is not None and batch.dim() == 2 and want == 1 and len(match.sizes("weight")) == 3:
        name = next(iter(match.context.tensors), "x")
        return (
            f"The channel is missing: a batch of sequences is [n, 1, length], so `{name}.unsqueeze(1)`. Without it the"
            f" {got} sequences were taken for channels of one."
        )
    if got == 4 and want == 3 and is_read:
        return (
            "A picture with transparency (as many PNG have it) has 4 channels: read it as "
            "`Image.open(path).convert('RGB')`, or leave the last out, `x[:, :3]`."
        )
    if got == 3 and want == 1 and is_read:
        return (
            "For colour pictures make the layer with 3 input channels, or make the pictures grey: "
            "`x.mean(dim=1, keepdim=True)`, or `Image.open(path).convert('L')`."
        )
    # A feature map may be as wide as the layer wants channels.
    if given[-1] == want != got and (len(given) == 3 or (is_read and want <= 4)):
        order = "0, 3, 1, 2" if len(given) == 4 else "0, 2, 1"
        return f"The channels seem to be last; torch wants them first: `x.permute({order})`."
    if got == 1 and want == 3 and len(given) == 4 and is_read:
        return (
            "For grey pictures make the layer with 1 input channel, or repeat the channel: `x.expand(-1, 3, -1, -1)`."
        )
    return f"Make the layer with `in_channels={got}`; it must be the number of channels that the layer before it gives."


def _dimensions(match: Match) -> str:
    what = {"1": "sequence", "2": "picture", "3": "volume"}.get(match["name"][-2:-1], "example")
    return (
        f"`{match['name']}` takes one {what} of {match['low']} dimensions (channels first) or a batch of them, "
        f"{match['high']} dimensions, but the input has shape {match['given']}."
    )


def _dimensions_fix(match: Match) -> str:
    given, spatial = match.sizes("given"), int(match["low"]) - 1
    layer = match.context.layer
    channels = getattr(layer, "in_channels", 0)
    name = next(iter(match.context.tensors), "x")
    if len(given) > spatial + 2:
        return f"There are too many dimensions: `{name}.flatten(0, 1)` makes one of the first two."
    if len(given) == 2 and spatial > 1 and given[-1] == channels:
        ones = ", 1" * spatial
        return f"Give each example its places, of which there is one: `{name}.reshape(-1, {channels}{ones})`."
    if len(given) == 2 and spatial == 2 and given[-1] > given[0] and channels and given[-1] % channels == 0:
        side = round((given[-1] // channels) ** 0.5)
        if side * side * channels == given[-1] and side > 1:
            shape = f"{name}.reshape(-1, {channels}, {side}, {side})"
            return f"These are pictures in rows; their shape comes back by `{shape}`."
    if len(given) == spatial:
        what = {1: "sequence", 2: "grey picture"}.get(spatial, "volume")
        return f"Add what is missing: `{name}.unsqueeze(0)` for the channel of one {what}, once more for a batch."
    return f"Print `{name}.shape` before this layer: first the batch, then the channels, then the sizes."


def _kernel(match: Match) -> str:
    size, kernel = match.sizes("size"), match.sizes("kernel")
    return f"The kernel of size {kernel} does not fit into the picture, which with its padding is only {size}."


def _pooled_away(match: Match) -> str:
    before, after = match.sizes("before"), match.sizes("after")
    return (
        f"The picture has become too small to be pooled again: from {before} (channels first) nothing would be left, "
        f"{after}."
    )


def _recurrent_layout(match: Match) -> str:
    """Returns the shape of a batch as the recurrent layer takes it."""
    return "[n, steps, features]" if getattr(match.context.layer, "batch_first", False) else "[steps, n, features]"


def _shared_out(match: Match) -> tuple[int, int] | None:
    """Returns the number that is shared out and the number of its parts; None where they are not known."""
    values = []
    for group in ("whole", "parts"):
        written = match.sizes(group)
        value = written[0] if written else match.context.arguments.get(match[group])
        if type(value) is not int or value < 1:
            return None
        values.append(value)
    return values[0], values[1]


def _remainder(match: Match) -> str:
    numbers = _shared_out(match)
    return "and is not" if numbers is None else f"but {numbers[0]} is not a multiple of {numbers[1]}"


def _remainder_fix(match: Match) -> str:
    numbers = _shared_out(match)
    if numbers is None:
        return "Choose numbers that divide without a remainder."
    whole, parts = numbers
    return f"Choose numbers that divide without a remainder, such as {whole // parts * parts or parts} and {parts}."


def _layer_instead(match: Match) -> str:
    """Returns what to write instead of an object that is no layer, by what it is."""
    value = match.context.arguments.get("module")
    name = match["name"].rpartition(".")[2]
    if isinstance(value, list | tuple):
        call = match.context.code.call
        written = text_of(call.args[0]) if call is not None and len(call.args) == 1 else ""
        return f"Unpack the {name} with a star: `nn.Sequential(*{written or 'layers'})`."
    if isinstance(value, dict):
        return "For layers with names give an `OrderedDict`: `nn.Sequential(OrderedDict({'first': nn.Linear(4, 2)}))`."
    if isinstance(value, type) and issubclass(value, nn.Module):
        return f"This is the class itself; brackets make a layer of it: `{layer_class(value)}()`."
    if isinstance(value, Tensor):
        return "A tensor is what a layer gives: leave out the call with `x`, and give the layer itself."
    layer = next((kind for kind in dir(nn) if kind.casefold() == name.replace("_", "").casefold()), "")
    if callable(value) and layer:
        return f"A function is no layer; the layer that does the same is `nn.{layer}()`."
    if callable(value):
        return "A function is no layer: write a small module whose `forward` calls it."
    return (
        "Give layers, not a list (`nn.Sequential(*layers)`), not a function (`nn.ReLU()` instead of `torch.relu`) and "
        "not a class without brackets (`nn.ReLU()`)."
    )


def _normalisation(match: Match) -> str:
    """Returns the name of the normalisation that failed, `BatchNorm2d` where it is not known."""
    name = type(match.context.layer).__name__
    return name if "Norm" in name and hasattr(nn, name) else "BatchNorm2d"


def _one_value(match: Match) -> str:
    return (
        "Batch normalisation compares the values of a channel with each other, but in training an input of shape "
        f"{match['shape']} has one value per channel."
    )


def _no_forward_fix(match: Match) -> str:
    """Names the method that was meant; of a list of layers says how it is used."""
    module = match.context.arguments.get("self")
    if isinstance(module, nn.ModuleList | nn.ModuleDict):
        return (
            f"A `{match['name']}` only holds layers: call them one by one, `for layer in self.layers: x = layer(x)`, or"
            " use `nn.Sequential`."
        )
    own = [name for name in vars(type(module)) if callable(vars(type(module))[name]) and not name.startswith("__")]
    if near := nearest("forward", own) or next((name for name in own if name in ("call", "predict", "fwd")), ""):
        return f"It has a method `{near}`: its name must be `forward`."
    definition_of = match.context.code.class_definition(match["name"])
    for part in ast.walk(definition_of or ast.Module([], [])):
        if isinstance(part, ast.FunctionDef) and part.name != "forward" and _has_forward(part):
            return (
                f"`forward` stands inside `{part.name}`: indent it less, so that it begins at the same place as "
                f"`def {part.name}`."
            )
    if any(
        isinstance(node, ast.FunctionDef) and node.name == "forward"
        for node in getattr(match.context.code.tree, "body", ())
    ):
        return "`forward` stands outside of the class: indent it, so that it belongs to it."
    return "Define `def forward(self, x):` inside the class (mind the indentation and the spelling)."


def _has_forward(node: ast.AST) -> bool:
    return any(isinstance(inner, ast.FunctionDef) and inner.name == "forward" for inner in ast.walk(node))


def _layer_with_a_setting(match: Match) -> nn.Module | None:
    """Returns the layer of torch that used a tensor as one of its settings, None if the person's line itself did."""
    layer = match.context.layer
    return layer if type(layer).__module__.startswith("torch.") and not match.context.code.direct else None


def _flag(match: Match) -> str:
    """Explains a tensor taken for a bool; in a layer or loss because the input was given to its constructor."""
    if isinstance(layer := _layer_with_a_setting(match), nn.Module):
        return (
            f"`{type(layer).__name__}(...)` makes a layer; it got a tensor as one of its settings and took it for a "
            "yes or no."
        )
    values = "NumPy array" if "truth value" in match.text_match[0] else "tensor"
    return (
        f"A {values} of several values was used as one yes or no (in `if`, `while`, `and`, `or`, `not`, `in`, or as a "
        "setting of a loss): which of its values should decide?"
    )


def _flag_fix(match: Match) -> str:
    if (layer := _layer_with_a_setting(match)) is not None:
        name = type(layer).__name__
        return f"Make the layer first, then call it with the tensor: `layer = nn.{name}()` and `y = layer(x)`."
    if "size_average" in match.context.arguments:
        call = match.context.code.call
        callee = match.context.code.callee
        if call is not None and isinstance(call.func, ast.Name) and isinstance(callee, type):
            name = call.func.id
            return (
                f"`{name}` is the class itself: make the loss first, `{name} = nn.{callee.__name__}()`, with brackets."
            )
        if call is not None and (written := text_of(call.func)) and call.args:
            return (
                f"A loss of `nn` is made first and then called, with a second pair of brackets: `{written}()("
                f"{', '.join(map(text_of, call.args))})`."
            )
        return (
            "A loss of `nn` is made first and then called: `nn.MSELoss()(predictions, labels)`, or "
            "`F.mse_loss(predictions, labels)`."
        )
    node = match.context.code.expression
    statement = match.context.code.statement or ast.Module([], [])
    chain = next((part for part in ast.walk(statement) if isinstance(part, ast.Compare) and len(part.ops) > 1), None)
    if chain is not None and (between := _between(chain)):
        return f"A chain of comparisons joins its parts by `and`; for tensors write `{between}`."
    joined = next((part for part in ast.walk(statement) if isinstance(part, ast.BoolOp)), None)
    if joined is not None and all(text_of(part) for part in joined.values):
        sign = "&" if isinstance(joined.op, ast.And) else "|"
        return (
            f"For tensors it is `{f' {sign} '.join(f'({text_of(part)})' for part in joined.values)}`, number by number."
        )
    negated = next((part for part in ast.walk(statement) if isinstance(part, ast.UnaryOp)), None)
    if negated is not None and isinstance(negated.op, ast.Not) and text_of(negated.operand):
        return f"For a tensor of yes and no it is `~{text_of(negated.operand)}`; for one answer `not x.any()`."
    if isinstance(node, ast.Compare) and any(isinstance(part, ast.In | ast.NotIn) for part in node.ops):
        return (
            "`in` compares whole arrays. Ask for each: `any((x == item).all() for item in items)`, or keep tuples, "
            "`tuple(x.tolist())`."
        )
    where = "np.where" if "truth value" in match.text_match[0] else "torch.where"
    return (
        "Say `(x > 0).all()` or `(x > 0).any()`; combine number by number with `&`, `|` and `~`, choose with "
        f"`{where}`."
    )


def _between(chain: ast.Compare) -> str:
    """Returns a chain of comparisons as its parts joined by `&`; "" if it is too long for a sentence."""
    sides = [chain.left, *chain.comparators]
    parts = [ast.Compare(a, [op], [b]) for a, op, b in zip(sides, chain.ops, sides[1:])]
    return " & ".join(f"({text_of(part)})" for part in parts) if all(text_of(part) for part in parts) else ""


RULES = (
    Rule(
        "conv-channels",
        "shape",
        rf"weight of size (?P<weight>{_LIST}), expected input(?P<given>{_LIST}) to have (?P<want>\d+) channels, but "
        r"got (?P<got>\d+) channels",
        _channels,
        _channels_fix,
        ("channel", "convolution"),
    ),
    Rule(
        "conv-dimensions",
        "shape",
        r"Expected (?P<low>\d)D \(unbatched\) or (?P<high>\d)D \(batched\) input to (?P<name>\w+), but got input of "
        rf"size: (?P<given>{_LIST})",
        _dimensions,
        _dimensions_fix,
        ("convolution", "channel", "batch"),
    ),
    Rule(
        "kernel-larger-than-input",
        "shape",
        r"Calculated padded input size per channel: \((?P<size>[\d x]+)\)\. Kernel size: \((?P<kernel>[\d x]+)\)",
        _kernel,
        "Use a smaller kernel, add `padding=...`, or pool less before this layer; print `x.shape` after each layer to "
        "follow the size.",
        ("kernel", "padding", "convolution"),
    ),
    Rule(
        "pooled-to-nothing",
        "shape",
        r"Given input size: \((?P<before>[\dx]+)\)\. Calculated output size: \((?P<after>[\dx-]+)\)\. Output size is "
        r"too small",
        _pooled_away,
        "Leave out a pooling layer or start with larger pictures; `nn.AdaptiveAvgPool2d(1)` fits any size.",
        ("pooling", "feature map"),
    ),
    Rule(
        "pool-dimensions",
        "shape",
        r"non-empty (?P<dims>[\dD or]+) \(batch mode\) tensor expected for input",
        lambda match: (
            f"Pooling takes pictures, a tensor of {match['dims']}, and none of its sizes may be 0."
            + (
                f" The input has shape {match.context.shape('input')}."
                if match.context.shape("input") is not None
                else ""
            )
        ),
        "Pool before `flatten`, and give pictures as [n, channels, height, width].",
        ("pooling", "batch"),
    ),
    Rule(
        "pool-padding",
        "value",
        r"pad should be at most half of effective kernel size, but got pad=(?P<pad>\d+), kernel_size=(?P<kernel>\d+)",
        "A pooling window of size {kernel} may be padded by at most half of that, but padding is {pad}.",
        "Use a smaller `padding` or a larger `kernel_size`.",
        ("pooling", "padding"),
    ),
    Rule(
        "stride-not-positive",
        "value",
        r"non-positive stride is not supported|stride should not be zero",
        "The stride is how far the kernel moves from place to place; it must be at least 1.",
        "Use `stride=1`, or a larger whole number to make the result smaller.",
        ("stride", "convolution"),
    ),
    Rule(
        "same-padding-with-stride",
        "value",
        r"padding='same' is not supported for strided convolutions",
        "`padding='same'` keeps the size of the picture, a stride above 1 makes it smaller: both together are not "
        "possible.",
        "Write the padding as a number: `padding=1` for a kernel of size 3.",
        ("padding", "stride"),
    ),
    Rule(
        "reflection-padding",
        "shape",
        r"Padding size should be less than the corresponding input dimension, but got: padding (?P<pad>\([\d, ]+\)) "
        rf"at dimension (?P<dim>\d+) of input (?P<given>{_LIST})",
        "A reflection by {pad} needs more pixels than there are: the input has shape {given}.",
        "Use less padding or larger pictures, or `mode='constant'`.",
        ("padding",),
    ),
    Rule(
        "batch-norm-one-value",
        "shape",
        r"Expected more than 1 (?:value per channel|spatial element) when training, got input size "
        r"torch\.Size\((?P<shape>\[[\d, ]*\])\)",
        _one_value,
        "Train with at least two examples per batch (`drop_last=True` for a last batch of one), and call `model.eval()`"
        " to predict for a single example.",
        ("batch normalisation", "evaluation mode", "batch"),
    ),
    Rule(
        "normalisation-channels",
        "shape",
        r"running_mean should contain (?P<got>\d+) elements not (?P<want>\d+)",
        lambda match: (
            f"The batch normalisation was made for {match['want']} channels, but its input has {match['got']}."
            + (f" The shape of the input is {match.context.shape('input')}." if match.context.shape("input") else "")
        ),
        lambda match: (
            "Give it the number of channels (or features) that the layer before it gives: "
            f"`nn.{_normalisation(match)}({match['got']})`."
        ),
        ("batch normalisation", "channel"),
    ),
    Rule(
        "normalisation-dimensions",
        "shape",
        r"expected (?P<want>\dD(?: or \dD)?) input \(got (?P<got>\d)D input\)",
        lambda match: (
            f"This layer takes inputs of {match['want']}, but got {match['got']} dimensions"
            + (f": the shape is {match.context.shape('input')}." if match.context.shape("input") else ".")
        ),
        lambda match: (
            "The batch dimension is missing, as for a single picture: make a batch of one, `x.unsqueeze(0)`, at the "
            "beginning of the model."
            if int(match["got"]) == int(match["want"][-2]) - 1
            else (
                "`BatchNorm1d` is for [n, features] and for [n, channels, length], `BatchNorm2d` for pictures [n, "
                "channels, height, width]."
            )
        ),
        ("batch normalisation", "shape"),
    ),
    Rule(
        "layer-norm-shape",
        "shape",
        rf"Given normalized_shape=(?P<want>{_LIST}), expected input with shape \[\*, [\d, ]+\], but got input of "
        rf"size(?P<given>{_LIST})",
        "The layer normalises the last dimensions, of sizes {want}, but the input has shape {given}.",
        "Make the layer with the size of the last dimension: `nn.LayerNorm(x.shape[-1])`.",
        ("normalisation", "shape"),
    ),
    Rule(
        "attention-size",
        "shape",
        r"was expecting embedding dimension of (?P<want>\d+), but got (?P<got>\d+)",
        "The attention (or transformer) was made for {want} features of each step, but its input has {got}.",
        "Make it with `d_model={got}` (`embed_dim={got}` of an attention), or the embedding before it with {want}.",
        ("transformer", "embedding"),
    ),
    Rule(
        "does-not-divide",
        "value",
        r"(?P<whole>in_channels|out_channels|num_channels(?: \(\d+\))?|embed_dim) must be divisible by "
        r"(?P<parts>groups|num_groups(?: \(\d+\))?|num_heads)",
        lambda match: (
            f"`{match['whole']}` is shared out equally, so it must be a multiple of `{match['parts']}`, "
            f"{_remainder(match)}."
        ),
        _remainder_fix,
        ("channel",),
    ),
    Rule(
        "dropout-probability",
        "value",
        r"dropout probability has to be between 0 and 1, but got (?P<p>\S+)",
        "Dropout takes the probability of switching a unit off, 0 to 1, but got {p}.",
        "Write `nn.Dropout(0.5)` for half of the units.",
        ("dropout",),
    ),
    Rule(
        "recurrent-size",
        "shape",
        r"input\.size\(-1\) must be equal to input_size\. Expected (?P<want>\d+), got (?P<got>\d+)",
        lambda match: (
            f"The recurrent layer was made for {match['want']} features per step, but its input has {match['got']}."
            + (f" The shape of the input is {match.context.shape('input')}." if match.context.shape("input") else "")
        ),
        lambda match: (
            f"Make it with `input_size={match['got']}`, or bring the features into the last dimension: "
            f"{_recurrent_layout(match)}."
        ),
        ("recurrent network", "feature"),
    ),
    Rule(
        "hidden-state-size",
        "shape",
        r"Expected hidden(?:\[\d\])? size [(\[](?P<want>[\d, ]+)[)\]], got \[(?P<got>[\d, ]+)\]",
        "The hidden state must be [layers, n, hidden], which is [{want}] for this batch, but it is [{got}].",
        "Make it anew for each batch, `torch.zeros(layers, len(x), hidden)`, or give none (it is 0 then): the last"
        " batch of a loader is smaller unless `drop_last=True`.",
        ("recurrent network", "batch"),
    ),
    Rule(
        "hidden-state-dimensions",
        "shape",
        r"For (?:batched 3-D|unbatched 2-D) input, \w+ should also be (?P<want>\d)-D but got (?P<got>\d)-D",
        "The hidden state has {got} dimensions, but for this input it needs {want}.",
        lambda match: (
            "For a batch it is [layers, n, hidden]: `torch.zeros(layers, n, hidden)`, or give none (it is 0 then)."
            if match["want"] == "3"
            else "For one sequence it is [layers, hidden]; a batch of one is made by `x.unsqueeze(0)`."
        ),
        ("recurrent network", "batch"),
    ),
    Rule(
        "recurrent-dimensions",
        "shape",
        r"(?P<name>LSTM|GRU|RNN): Expected input to be 2D or 3D, got (?P<got>\d+)D",
        lambda match: (
            f"A recurrent layer takes [steps, features] or a batch {_recurrent_layout(match)}, but the input has "
            f"{match['got']} dimensions."
        ),
        "Flatten what belongs to one step: `x.flatten(2)`.",
        ("recurrent network", "flatten"),
    ),
    Rule(
        "initialise-a-vector",
        "shape",
        r"Fan in and fan out can not be computed for tensor with fewer than 2 dimensions",
        "This initialisation looks at the inputs and outputs of a weight matrix, but the tensor has fewer than two "
        "dimensions (a bias, perhaps).",
        "Use it for weights only; start a bias with `nn.init.zeros_(layer.bias)`.",
        ("initialisation", "bias"),
    ),
    Rule(
        "attention-mask",
        "shape",
        r"The shape of the (?P<dims>\d)D attn_mask is torch\.Size\((?P<got>\[[\d, ]*\])\), but should be "
        r"\((?P<want>[\d, ]*)\)",
        "The mask of an attention says for each place of the sequence where it may look, so here its shape is [{want}],"
        " but it is {got}.",
        "Make it as long as the sequence, which is dimension 1 of the input with `batch_first=True`, else dimension 0:"
        " `nn.Transformer.generate_square_subsequent_mask(steps)`. The padding of each example, [n, steps], is"
        " `src_key_padding_mask` (`key_padding_mask` of an attention).",
        ("transformer", "shape"),
    ),
    Rule(
        "one-yes-or-no-of-many",
        "value",
        r"Boolean value of Tensor with more than one value is ambiguous|truth value of an array with more than one "
        r"element is ambiguous",
        _flag,
        _flag_fix,
        ("tensor", "scalar"),
    ),
    Rule(
        "no-forward",
        "python",
        r"Module \[(?P<name>\w+)\] is missing the required \"forward\" function",
        "`{name}` was called, but it has no method `forward` that says what to do with its input.",
        _no_forward_fix,
        ("module",),
    ),
    Rule(
        "init-not-called",
        "python",
        r"cannot assign (?P<what>module|parameters?) before Module\.__init__\(\) call",
        "A {what} was assigned in `__init__` before the module itself was set up.",
        "Make `super().__init__()` the first line of `__init__`.",
        ("module",),
    ),
    Rule(
        "not-a-layer",
        "python",
        r"(?P<name>[\w.<>]+) is not a Module subclass",
        lambda match: (
            f"`nn.Sequential` takes layers one after another, but got `{match['name'].rpartition('.')[2].strip('<>')}`."
        ),
        _layer_instead,
        ("module", "layer"),
    ),
    Rule(
        "tensor-as-parameter",
        "python",
        r"cannot assign 'torch\.\w*' (?:object )?(?:as|to) parameter '(?P<name>\w+)'",
        "`{name}` is a parameter of the module, and a plain tensor cannot take its place.",
        "Wrap it, `layer.{name} = nn.Parameter(tensor)`, or write into it: `with torch.no_grad(): "
        "layer.{name}.copy_(tensor)`.",
        ("parameter", "module"),
    ),
)
