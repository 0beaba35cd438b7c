from torchbook.course.grading.cases import case

CORE = {"seconds per call": 1e-6, "bytes per second": 5e9, "operations per second": 50e9}


def machine(draw):
    """A machine of drawn speeds that begins a hundred thousand calls or more in a second."""
    return {
        "seconds per call": draw.integer(1, 10) * 1e-6,
        "bytes per second": draw.integer(4, 400) * 1e9,
        "operations per second": draw.integer(50, 10_000) * 1e9,
    }


def program(where, seconds, **prices):
    """A program that pays the given seconds: `start`, `move` and `compute` are shares of them."""
    return {
        "calls": max(1, round(prices.get("start", 0) * seconds / where["seconds per call"])),
        "bytes": max(4, round(prices.get("move", 0) * seconds * where["bytes per second"])),
        "operations": max(1, round(prices.get("compute", 0) * seconds * where["operations per second"])),
    }


@case(
    "starting decides, then moving, then computing", what=[("start", "start"), ("move", "move"), ("compute", "compute")]
)
@case("one starts often, the other moves much", what=[("start", "move")])
@case("one starts often, the other computes much", what=[("start", "compute")])
@case("one moves much, the other computes much", what=[("move", "compute")])
def single(answer, draw, what):
    verdicts = []
    for _ in range(4):
        where = machine(draw)
        for one, other in what:
            long, short = program(where, 0.5, **{one: 1.0}), program(where, 0.02, **{other: 1.0})
            swapped = program(where, 0.02, **{one: 1.0}), program(where, 0.5, **{other: 1.0})
            verdicts += [answer.which_is_faster(long, short, where), answer.which_is_faster(short, long, where)]
            verdicts += [answer.which_is_faster(*swapped, where), answer.which_is_faster(*swapped[::-1], where)]
    return verdicts


@case("what is moved less may have to compute more", repeat=2)
def against(answer, draw):
    verdicts = []
    for _ in range(4):
        where = machine(draw)
        product, addition = program(where, 0.6, compute=1.0, move=0.01), program(where, 0.05, move=1.0, compute=0.01)
        verdicts += [answer.which_is_faster(product, addition, where), answer.which_is_faster(addition, product, where)]
        product, addition = program(where, 0.05, compute=1.0, move=0.01), program(where, 0.6, move=1.0, compute=0.01)
        verdicts += [answer.which_is_faster(product, addition, where), answer.which_is_faster(addition, product, where)]
    return verdicts


@case("the same arithmetic with few calls and with many")
def in_a_loop(answer, draw):
    verdicts = []
    for _ in range(4):
        where = machine(draw)
        loop = program(where, 0.5, start=1.0, move=0.02, compute=0.02)
        at_once = loop | {"calls": 1}
        verdicts += [answer.which_is_faster(loop, at_once, where), answer.which_is_faster(at_once, loop, where)]
    return verdicts


@case("many calls that move little in all, and one call that moves much", many=1000, outweighs="move")
@case("one number is much larger, the two others a little smaller: bytes", many=3, outweighs="move")
@case("one number is much larger, the two others a little smaller: operations", many=3, outweighs="compute")
def one_price(answer, draw, many, outweighs):
    verdicts = []
    for _ in range(4):
        where = machine(draw)
        long, short = (
            program(where, 0.9, **{outweighs: 1.0}),
            program(where, 0.02, move=1.0, compute=1.0) | {"calls": many},
        )
        verdicts += [answer.which_is_faster(long, short, where), answer.which_is_faster(short, long, where)]
    return verdicts


@case("programs of many seconds")
def long_ones(answer, draw):
    verdicts = []
    for _ in range(4):
        where = machine(draw)
        long, short = program(where, 70.0, compute=1.0), program(where, 4.5, move=1.0, start=0.001)
        verdicts += [answer.which_is_faster(long, short, where), answer.which_is_faster(short, long, where)]
        long, short = program(where, 70.0, move=1.0), program(where, 4.5, compute=1.0, start=0.001)
        verdicts += [answer.which_is_faster(long, short, where), answer.which_is_faster(short, long, where)]
    return verdicts


@case("the same two programs on two machines")
def two_machines(answer, draw):
    small, large = (
        {"calls": 20, "bytes": 200_000, "operations": 1_000_000},
        {"calls": 1, "bytes": 8, "operations": 10**9},
    )
    gpu = {"seconds per call": 6e-3, "bytes per second": 3e11, "operations per second": 8e12}
    return [answer.which_is_faster(small, large, where) for where in (CORE, gpu)]


@case("the dictionaries stay as they are")
def untouched(answer, draw):
    first, second, where = (
        {"calls": 1, "bytes": 50_000_000, "operations": 10},
        {"calls": 1, "bytes": 8, "operations": 1},
        dict(CORE),
    )
    verdict = answer.which_is_faster(first, second, where)
    return {"verdict": verdict, "first": first, "second": second, "machine": where}
