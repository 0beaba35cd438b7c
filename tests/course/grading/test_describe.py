import torch

from torchbook.course.grading.compare import structure, values
from torchbook.course.grading.describe import named, shown


def test_two_dimensions_of_one_size_are_named_once_each():
    assert named((3, 3, 9), {"rows": 3, "columns": 3}) == "[rows 3, columns 3, 9]"


def test_large_tensors_are_summed_up():
    assert shown(torch.linspace(-1, 1, 100), {}) == "a tensor [100] of float32, from -1.0 to 1.0"


def test_objects_that_cannot_be_shown_are_named():
    class Odd:
        def __repr__(self):
            raise ValueError

    assert shown(Odd(), {}) == "an object of type Odd"


def test_no_address_in_memory_is_shown():
    class Value:
        pass

    assert shown([Value(), torch.sin, named], {}) == "[<Value>, sin, named]"


def test_a_shown_dict_is_python():
    thing = {"loss": torch.tensor(0.5), "both": (torch.zeros(2), torch.ones(1, 2)), "empty": [], "name": "x"}
    scope = {"tensor": torch.tensor}
    same = eval(shown(thing, {}), scope)
    assert structure(thing, same, {}) is None and values(thing, same, {}) is None


def test_whole_numbers_stay_whole_and_floats_have_a_point():
    assert shown(torch.tensor([3, 4]), {}) == "tensor([3, 4])  # [2]"
    assert shown(torch.tensor([3.0, 0.5]), {"rows": 2}) == "tensor([3.0, 0.5])  # [rows 2]"
    assert shown(torch.arange(100), {}) == "a tensor [100] of int64, from 0 to 99"
