import math


def which_is_faster(first, second, machine):
    speeds = [1 / machine["seconds per call"], machine["bytes per second"], machine["operations per second"]]
    times = {}
    for name, work in {"first": first, "second": second}.items():
        amounts = work["calls"], work["bytes"], work["operations"]
        times[name] = math.fsum(amount / speed for amount, speed in zip(amounts, speeds))
    return min(times, key=times.get)
