"""Types are checked by beartype, at half of its cost.

jaxtyping calls two functions around each call: one with the arguments, then one with these and the result. The second
looks at the result only, with the sizes that the arguments have given to the names of axes. The code of a check is made
when it is called for the first time, for most functions that a process imports are called by none of its tests.
"""

import functools
from typing import Any

from beartype import beartype


def checked(function):
    """Returns the function with its types checked at each call."""
    result = function.__annotations__.get("return", Any)
    if result is not Any:  # the arguments have been checked before
        function.__annotations__ = {"return": result}
    check = None

    @functools.wraps(function)
    def made_at_first_call(*args, **kwargs):
        nonlocal check
        check = check or beartype(function)
        return check(*args, **kwargs)

    return made_at_first_call
