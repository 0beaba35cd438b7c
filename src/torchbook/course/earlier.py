"""What the learner built in earlier exercises, for later ones: `from torchbook.course.earlier import scalar_engine`.

Learners' files name this module, so it stays where it is.
"""

from torchbook.course.grading.earlier_answers import __getattr__ as __getattr__
