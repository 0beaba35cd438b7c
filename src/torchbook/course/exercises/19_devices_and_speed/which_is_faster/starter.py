def which_is_faster(first, second, machine):
    """Returns "first" or "second", the program that takes less time on the machine."""
    raise NotImplementedError
