"""Rules for the worker processes of a data loader, which fail in their own ways on Windows, macOS and beside a GPU."""

from torchbook.explain.rule import Match, Rule

_GUARD = (
    'Put what runs below `if __name__ == "__main__":`, so that a worker can read the file without starting workers '
    "itself; or load in this process, `num_workers=0`."
)
_SEE = "With `num_workers=0` the true error shows."


def _pickled(match: Match) -> str:
    what = match["what"]
    thing = (
        "a lambda"
        if "lambda" in what
        else f"`{what.rpartition('.')[2]}`, which is defined inside a function,"
        if "<locals>" in what
        else f"`{what}`"
    )
    if _saves(match):
        return f"`torch.save` can save tensors; {thing} among them cannot be saved (pickled)."
    return f"What another process needs is sent to it, and {thing} cannot be sent (pickled)."


def _pickled_fix(match: Match) -> str:
    what = match["what"]
    if _saves(match):
        return "Save only the weights, which are tensors: `torch.save(model.state_dict(), path)`."
    if "lambda" in what or "<locals>" in what or "function" in what:
        return (
            "Define it at the top level of the file, with `def` or `class`, not as a lambda and not inside a"
            " function; or load in this process, `num_workers=0`."
        )
    return (
        "Open files, connections and generators inside `__getitem__`, not in `__init__`; or load in this process, "
        "`num_workers=0`."
    )


def _saves(match: Match) -> bool:
    return "pickle_protocol" in match.context.arguments or (
        "f" in match.context.arguments and "obj" in match.context.arguments
    )


RULES = (
    Rule(
        "main-guard",
        "worker",
        r"An attempt has been made to start a new process before the|freeze_support\(\)",
        "On Windows and macOS a new process reads the program from its beginning, and here it would start workers again"
        " and again.",
        _GUARD,
        ("data loader",),
    ),
    Rule(
        "worker-stopped",
        "worker",
        r"DataLoader worker \(pid(?:\(s\))? (?P<pids>[\d, ]+)\) exited unexpectedly",
        "A worker process of the data loader ended before it was asked to.",
        f"{_SEE} On Windows and macOS: {_GUARD[0].lower()}{_GUARD[1:]}",
        ("data loader",),
    ),
    Rule(
        "worker-killed",
        "worker",
        r"DataLoader worker \(pid (?P<pid>\d+)\) is killed by signal: (?P<signal>[\w ]+)|insufficient shared"
        r" memory|unable to "
        r"(?:open|mmap|write to) (?:shared memory object|file) .*shm|No space left on device.*shm|bus error",
        "A worker process was stopped by the system, most often because the memory (or the shared memory) was full.",
        "Use fewer workers, `num_workers=0` or 1, and smaller batches; a data set should not hold all pictures at"
        " once.",
        ("data loader", "batch size"),
    ),
    Rule(
        "gpu-in-a-fork",
        "worker",
        r"Cannot re-initialize CUDA in forked subprocess",
        "A worker process of the data loader touched the GPU, which a process that was split off (forked) cannot use.",
        "Let the data set give tensors on the CPU and bring the batch to the GPU in the training loop: `x = "
        "x.to(device)`; or `num_workers=0`.",
        ("data loader", "GPU"),
    ),
    Rule(
        "cannot-be-sent",
        "worker",
        r"Can't (?:pickle|get) (?:local object )?'?(?P<what>[\w.<> ]*(?:lambda|<locals>|function)[\w.<> ]*)"
        r"|cannot pickle '(?P<what2>[\w.]+)' object|Can't pickle (?P<what3><[^>]+>)",
        _pickled,
        _pickled_fix,
        ("data loader",),
    ),
    Rule(
        "worker-took-too-long",
        "worker",
        r"DataLoader timed out after (?P<seconds>\d+) seconds",
        "No worker gave a batch within {seconds} seconds: it waits for something, or is very slow.",
        f"{_SEE} Look at what `__getitem__` does for one example.",
        ("data loader",),
    ),
    Rule(
        "needs-workers",
        "worker",
        r"(?P<name>prefetch_factor|persistent_workers|timeout) option (?:could only be specified|needs num_workers)",
        "`{name}` is for worker processes, and this loader has none.",
        "Leave it out, or set `num_workers=2`.",
        ("data loader",),
    ),
    Rule(
        "number-of-workers",
        "worker",
        r"num_workers option should be non-negative",
        "The number of workers cannot be negative.",
        "Use `num_workers=0` (load in this process) or a small number such as 2.",
        ("data loader",),
    ),
    Rule(
        "too-many-open-files",
        "worker",
        r"Too many open files|received \d+ items of ancdata",
        "The system allows no more open files; each tensor that a worker sends is one.",
        "Use fewer workers, or `torch.multiprocessing.set_sharing_strategy('file_system')` at the beginning.",
        ("data loader",),
    ),
    Rule(
        "no-compiler",
        "worker",
        r"InvalidCxxCompiler|No working C\+\+ compiler found|Compiler: \w+ is not found|Cannot find a working triton|"
        r"Python\.h: No such file",
        "`torch.compile` translates the model with a compiler, which this machine does not have.",
        "Leave `torch.compile` out (the model does the same without it), or install a compiler for C++.",
    ),
    Rule(
        "no-network",
        "file",
        r"no internet connection|URLError|ConnectionError|Max retries exceeded|Name or service not known|getaddrinfo "
        r"failed|Temporary failure in name resolution|IncompleteRead|RemoteDisconnected",
        "Something should be downloaded, and there is no connection (or the other side does not answer).",
        "Try again with a connection; or download the file once, put it into a folder of yours and load it from there.",
    ),
    Rule(
        "address-refused",
        "file",
        r"HTTPError: HTTP Error (?P<code>\d+)|(?P<code2>40[34]) Client Error",
        "The server answered with {code}: the address no longer exists, or you may not read it.",
        "Look for the present address of the file; download it once and load it from your own folder.",
    ),
)
