"""Rules for errors of devices and memory: tensors on different devices, missing devices, memory that is full."""

from torchbook.explain.rule import Match, Rule

_UNITS = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB")


def _bytes(count: float) -> str:
    """Returns a number of bytes with a fitting decimal unit, such as `1.5 GB`."""
    unit = 0
    while count >= 1000 and unit < len(_UNITS) - 1:
        count, unit = count / 1000, unit + 1
    return f"{count:.3g} {_UNITS[unit]}"


def _two_devices(match: Match) -> str:
    layer = match.context.layer_in_words
    who = f" {layer[0].upper()}{layer[1:]} was at work." if layer else ""
    return (
        f"All tensors of an operation must be on one device, but one is on `{match['a']}` and another on "
        f"`{match['b']}`.{who}"
    )


def _typo(match: Match) -> str:
    return f"`{match['name']}` is not a device that torch knows."


RULES = (
    Rule(
        "not-linked-with-a-device",
        "device",
        r"PyTorch is not linked with support for (?P<name>\w+) devices|(?P<name2>MPS) backend is supported on",
        "A device `{name}` was asked for, but this machine or this build of torch has none.",
        "Ask before: `device = 'mps' if torch.backends.mps.is_available() else 'cpu'` (or `'cuda'` and "
        "`torch.cuda.is_available()`), and then `.to(device)` everywhere.",
        ("device",),
    ),
    Rule(
        "two-devices",
        "device",
        r"Tensor on device (?P<a>\S+) is not on the expected device (?P<b>[\w:]+)"
        r"|found at least two devices, (?P<a2>[\w:]+) and (?P<b2>[\w:]+)"
        r"|got \w+ is on (?P<a3>[\w:]+), different from other tensors on (?P<b3>[\w:]+)",
        _two_devices,
        "Choose once, `device = 'cuda' if torch.cuda.is_available() else 'cpu'`, then bring the model, the inputs and "
        "the labels there: `model.to(device)`, `x = x.to(device)`.",
        ("device",),
    ),
    Rule(
        "input-and-weight-devices",
        "device",
        r"Input type \((?P<a>torch\.\w+\.\w+)\) and weight type \((?P<b>torch\.\w+Tensor)\)"
        r"|Input type \((?P<a2>torch\.\w+Tensor)\) and weight type \((?P<b2>torch\.\w+\.\w+)\)",
        "The input is a `{a}` and the weights are a `{b}`: one is on the GPU and the other is not.",
        "Bring both to one device: `model.to(device)` and `x = x.to(device)`.",
        ("device",),
    ),
    Rule(
        "index-device",
        "device",
        r"indices should be either on (?P<a>\w+) or on the same device as the indexed tensor \((?P<b>[\w:]+)\)",
        "A tensor on `{b}` cannot be indexed with places that are on another device.",
        "Bring the index there: `x[index.to(x.device)]`.",
        ("device",),
    ),
    Rule(
        "no-such-gpu-support",
        "device",
        r"Torch not compiled with (?P<name>\w+) enabled|Found no NVIDIA driver on your system|No CUDA GPUs are "
        r"available",
        lambda match: (
            f"A GPU was asked for ({match['name'] or 'CUDA'}), but this machine or this build of torch has none."
        ),
        "Ask before: `device = 'cuda' if torch.cuda.is_available() else 'cpu'` and then `.to(device)` everywhere. All "
        "of the course runs on the CPU.",
        ("device", "CUDA", "GPU"),
    ),
    Rule(
        "no-such-backend",
        "device",
        r"Could not run '(?P<operation>[\w:.]+)' with arguments from the '(?P<name>\w+)' backend",
        "This operation is not available on the device `{name}` here; perhaps the machine has no such device.",
        "Ask before, `torch.backends.mps.is_available()` (on a Mac) or `torch.cuda.is_available()`, and else use the"
        " CPU: `device='cpu'`.",
        ("device",),
    ),
    Rule(
        "no-such-gpu",
        "device",
        r"invalid device ordinal",
        "A GPU was asked for by a number that this machine does not have.",
        "They are counted from 0: `torch.cuda.device_count()` says how many there are.",
        ("device", "GPU"),
    ),
    Rule(
        "no-such-device",
        "device",
        r"device type at start of device string: (?P<name>\S+)|Invalid device string: '(?P<name2>[^']*)'",
        _typo,
        "Devices are called `'cpu'`, `'cuda'`, `'cuda:0'` or `'mps'`. For a number format use a dtype without quotes: "
        "`x.to(torch.float32)`.",
        ("device", "dtype"),
    ),
    Rule(
        "numpy-of-a-gpu-tensor",
        "device",
        r"can't convert (?P<device>\S+) device type tensor to numpy",
        "NumPy works in the memory of the CPU, but this tensor is on `{device}`.",
        "Bring it over first: `x.detach().cpu().numpy()`.",
        ("device", "detach"),
    ),
    Rule(
        "no-numbers-on-meta",
        "device",
        r"Cannot copy out of meta tensor; no data!|cannot be called on meta tensors",
        "A tensor on the device `meta` has a shape and a dtype but no numbers, so there is nothing to copy or print.",
        "Make the model or tensor on a real device (`device='cpu'`), or fill it: `model.to_empty(device='cpu')` and "
        "then load its weights.",
        ("device",),
    ),
    Rule(
        "gpu-memory",
        "memory",
        r"CUDA out of memory\. Tried to allocate (?P<size>[\d.]+ \w+)",
        "The memory of the GPU is full: {size} more were needed.",
        "Use a smaller batch (and gradient accumulation), wrap evaluation in `with torch.no_grad():`, and add up "
        "`loss.item()`, never `loss`.",
        ("GPU", "batch size", "gradient accumulation"),
    ),
    Rule(
        "cpu-memory",
        "memory",
        r"you tried to allocate (?P<bytes>\d+) bytes",
        lambda match: f"A tensor of {_bytes(float(match['bytes']))} was asked for, more than this machine can give.",
        "Look at the sizes: is one much too large, or does broadcasting blow a result up? Otherwise work in smaller "
        "batches.",
        ("batch size", "shape"),
    ),
    Rule(
        "too-large-to-count",
        "memory",
        r"Storage size calculation overflowed with sizes=(?P<sizes>\[[\d, ]*\])",
        "A tensor of shape {sizes} would have more numbers than a computer can count.",
        "Look at where these sizes come from; `torch.zeros(2, 3)` takes sizes, `torch.tensor([2, 3])` takes values.",
        ("shape",),
    ),
    Rule(
        "numpy-memory",
        "memory",
        r"Unable to allocate (?P<size>[\d.]+ \w+) for an array with shape (?P<shape>\([\d, ]*\))",
        "A NumPy array of shape {shape} needs {size}, more than this machine can give.",
        "Look at the sizes, or work in smaller pieces.",
        ("batch size",),
    ),
    Rule(
        "python-memory",
        "memory",
        r"^MemoryError: ",
        "The memory is full.",
        "Use a smaller batch, and keep only numbers, `loss.item()`, in lists, not tensors with their graphs.",
        ("batch size",),
    ),
    Rule(
        "device-assert",
        "index",
        r"device-side assert triggered",
        "Something was out of bounds on the GPU: almost always a class label or an embedding index that is too large "
        "or negative.",
        "Run the same on the CPU, where the message names it: `model.cpu()`, `x.cpu()`; then look at `labels.min()` "
        "and `labels.max()`.",
        ("label", "embedding", "device"),
    ),
)
