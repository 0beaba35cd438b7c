import torch


def save(path, model, optimizer, scheduler, progress):
    """Writes all that a training needs to go on into one file."""
    checkpoint = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "random": torch.get_rng_state(),
        "progress": progress,
    }
    other = path.with_name(path.name + ".part")
    torch.save(checkpoint, other)
    other.replace(path)


def resume(path, model, optimizer, scheduler):
    """Puts back what `save` has written, and returns the progress; None if there is no file yet."""
    if not path.exists():
        return None
    checkpoint = torch.load(path, weights_only=True)
    model.load_state_dict(checkpoint["model"])
    optimizer.load_state_dict(checkpoint["optimizer"])
    scheduler.load_state_dict(checkpoint["scheduler"])
    torch.set_rng_state(checkpoint["random"])
    return checkpoint["progress"]
