def same_memory(a, b):
    """True if two tensors use the same storage, else False."""

    def start(tensor):
        return tensor.data_ptr() - tensor.storage_offset() * tensor.element_size()

    return start(a) == start(b)
