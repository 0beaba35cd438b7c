import torch


def same_memory(a, b):
    """True if two tensors use the same storage, else False."""

    def addresses(tensor):
        places = torch.zeros(tensor.shape, dtype=torch.int64)
        for dimension, stride in enumerate(tensor.stride()):
            steps = torch.arange(tensor.shape[dimension]) * stride
            places += steps.reshape([-1 if each == dimension else 1 for each in range(tensor.ndim)])
        return set((tensor.data_ptr() + places * tensor.element_size()).flatten().tolist())

    return bool(addresses(a) & addresses(b))
