"""The tests' own check of types finds what beartype's finds."""

import pytest
import torch
from jaxtyping import Float, TypeCheckError, jaxtyped
from torch import Tensor
from type_checks import checked


@jaxtyped(typechecker=checked)
def cut(values: Float[Tensor, " n"], size: int, *others: int, like: str = "") -> Float[Tensor, " n"]:
    return values if like == "same" else values[:size]


@jaxtyped(typechecker=checked)
class Counted:
    @jaxtyped(typechecker=checked)
    def count(self, each: list[int]) -> int:
        return len(each) if each else None


def test_arguments_results_and_sizes_that_do_not_fit_are_found_at_every_call():
    for _ in range(2):
        assert len(cut(torch.zeros(3), 3, 4)) == 3
        for arguments, named in (
            ((torch.zeros(3), "3"), "parameters"),
            ((torch.zeros(3).long(), 3), "parameters"),
            ((torch.zeros(3, 1), 3), "parameters"),
            ((torch.zeros(3), 3, None), "parameters"),
            ((torch.zeros(3), 2), "return value"),
        ):
            with pytest.raises(TypeCheckError, match=f"checking the {named}"):
                cut(*arguments)
        with pytest.raises(TypeCheckError, match="parameters"):
            cut(torch.zeros(3), 2, like=3)
        assert Counted().count([1]) == 1
        with pytest.raises(TypeCheckError, match="return value"):
            Counted().count([])
