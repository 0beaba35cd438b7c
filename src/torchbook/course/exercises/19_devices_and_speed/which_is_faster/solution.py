def seconds_of(work, machine):
    """How long a program takes: its starts, and the longer of moving and computing."""
    starting = work["calls"] * machine["seconds per call"]
    moving = work["bytes"] / machine["bytes per second"]
    computing = work["operations"] / machine["operations per second"]
    return starting + max(moving, computing)


def which_is_faster(first, second, machine):
    """Returns "first" or "second", the program that takes less time on the machine."""
    return "first" if seconds_of(first, machine) < seconds_of(second, machine) else "second"
