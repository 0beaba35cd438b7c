import pytest
import torch

from torchbook.course.grading.behaviour import Behaviour, ModelState, alike, difference
from torchbook.course.grading.cases import Case

CASE = Case("other shapes", print)
EXPECTED = Behaviour(error=ValueError("the shapes differ"))


@pytest.mark.parametrize("returned", [ValueError, ValueError("the shapes differ")])
def test_an_error_that_was_returned_is_to_be_raised(returned):
    message = difference(EXPECTED, Behaviour(returned=returned), CASE)
    assert message.startswith("nothing was raised, expected ValueError: the shapes differ.")
    assert message.endswith("write `raise` in the place of `return`.")


@pytest.mark.parametrize("returned", [None, 3, int])
def test_where_nothing_was_raised_no_more_is_said(returned):
    assert difference(EXPECTED, Behaviour(returned=returned), CASE) == (
        "nothing was raised, expected ValueError: the shapes differ"
    )


@pytest.mark.parametrize(("type_of_one", "is_alike"), [("float", True), ("NoneType", False)])
def test_a_forgotten_return_is_no_other_exception_of_the_same_words(type_of_one, is_alike):
    one, other = (
        Behaviour(error=AttributeError(f"'{name}' object has no attribute 'data'")) for name in (type_of_one, "int")
    )
    assert alike(one, other, Behaviour(), CASE) is is_alike


def test_a_model_without_numbers_is_the_same_afterwards():
    model = torch.nn.Linear(2, 3, device="meta")
    state = ModelState(model, dict(model.state_dict()), (True,), (True, True))
    assert state.differences(state) == ()
    moved = ModelState(model, {"weight": torch.zeros(3, 2), "bias": torch.zeros(3)}, (True,), (True, True))
    assert state.differences(moved) == ("its weights or buffers",)
