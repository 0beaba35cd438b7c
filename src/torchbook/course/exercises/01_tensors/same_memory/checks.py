import torch

from torchbook.course.grading.cases import case


@case("a tensor and itself")
def itself(answer, draw):
    tensor = draw.normal("rows columns")
    return answer.same_memory(tensor, tensor)


@case("the same shape under another name")
def renamed(answer, draw):
    tensor = draw.normal("rows columns")
    return answer.same_memory(tensor, tensor.view(tensor.shape))


@case("a transpose")
def transposed(answer, draw):
    tensor = draw.normal("rows columns")
    return answer.same_memory(tensor, tensor.T)


@case("a slice that begins further on")
def sliced(answer, draw):
    tensor = draw.normal("rows columns")
    return answer.same_memory(tensor, tensor[1:])


@case("a slice that begins further on, and the tensor")
def sliced_first(answer, draw):
    tensor = draw.normal("rows columns")
    return answer.same_memory(tensor[1:], tensor)


@case("two halves without a common element")
def halves(answer, draw):
    tensor = draw.normal("rows columns")
    return answer.same_memory(tensor[:1], tensor[1:])


@case("the even and the odd elements")
def interleaved(answer, draw):
    tensor = draw.normal("length")
    return answer.same_memory(tensor[::2], tensor[1::2])


@case("a tensor that learns, and the same detached")
def detached(answer, draw):
    tensor = draw.normal("rows columns", requires_grad=True)
    return answer.same_memory(tensor, tensor.detach())


@case("there and back through NumPy, where nothing is copied")
def through_numpy(answer, draw):
    tensor = draw.normal("rows columns")
    return answer.same_memory(tensor, torch.from_numpy(tensor.numpy()))


@case("a clone")
def cloned(answer, draw):
    tensor = draw.normal("rows columns")
    return answer.same_memory(tensor, tensor.clone())


@case("a transpose that is read out row by row")
def reshaped(answer, draw):
    tensor = draw.normal("rows columns")
    return answer.same_memory(tensor, tensor.T.reshape(-1))


@case("two tensors that are equal by chance")
def equal(answer, draw):
    return answer.same_memory(torch.zeros(draw.size("rows")), torch.zeros(draw.size("rows")))


@case("two tensors with different numbers")
def different(answer, draw):
    return answer.same_memory(draw.normal("rows"), draw.normal("rows"))


@case("the same place in two storages")
def same_place(answer, draw):
    tensor = draw.normal("rows columns")
    return answer.same_memory(tensor[1:], tensor.clone()[1:])


@case("two tensors of different lengths")
def longer(answer, draw):
    return answer.same_memory(draw.normal("rows"), draw.normal("columns"))
