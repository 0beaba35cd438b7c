def save(path, model, optimizer, scheduler, progress):
    """Writes all that a training needs to go on into one file."""
    raise NotImplementedError


def resume(path, model, optimizer, scheduler):
    """Puts back what `save` has written, and returns the progress; None if there is no file yet."""
    raise NotImplementedError
