"""What the learner built in earlier exercises, for later ones: `from torchbook.course.earlier import scalar_engine`.

A lesson's document asks `answer_of("scalar_engine")`, and `is_passed("scalar_engine")` where it speaks of it.

Learners' files name this module, so it stays where it is.
"""

from torchbook.course.grading.earlier_answers import __getattr__ as __getattr__
from torchbook.course.grading.earlier_answers import answer_of as answer_of
from torchbook.course.grading.earlier_answers import is_passed as is_passed
