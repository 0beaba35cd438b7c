import numpy as np
import torch

from torchbook.course.grading.cases import case


@case("an array of float64, which is what NumPy makes", dtype="float64")
@case("an array of float32", dtype="float32")
@case("an array of whole numbers", dtype="int64")
@case("an array of bytes", dtype="uint8")
def there(answer, draw, dtype):
    return answer.from_array(draw.uniform("rows columns", high=100.0).numpy().astype(dtype))


@case("a tensor", dtype=torch.float32)
@case("a tensor of float64", dtype=torch.float64)
@case("a tensor that requires a gradient", requires_grad=True)
def back(answer, draw, dtype=torch.float32, requires_grad=False):
    return answer.to_array(draw.normal("rows columns", dtype=dtype, requires_grad=requires_grad))


@case("the array changes later, the tensor must not", dtype="float64")
@case("an array of float32 changes later, the tensor must not", dtype="float32")
def changed_array(answer, draw, dtype):
    array = draw.normal("rows").numpy().astype(dtype)
    tensor = answer.from_array(array)
    array[0] = 999
    return {"the tensor, after array[0] = 999": tensor}


@case("the tensor changes later, the array must not")
def changed_tensor(answer, draw):
    array = draw.normal("rows").numpy()
    tensor = answer.from_array(array)
    tensor[0] = 999
    return {"the array, after tensor[0] = 999": array}


@case("the tensor changes later, its array must not")
@case("the tensor is trained later, its array must not change", requires_grad=True)
def changed_source(answer, draw, requires_grad=False):
    tensor = draw.normal("rows", requires_grad=requires_grad)
    array = answer.to_array(tensor)
    with torch.no_grad():
        tensor[0] = 999
    return {"the array, after tensor[0] = 999": array}


@case("there and back", repeat=2)
def round_trip(answer, draw):
    return answer.to_array(answer.from_array(np.asarray(draw.normal("rows columns"))))
