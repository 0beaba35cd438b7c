"""How weights change: `train()` and `fit()`, the tasks that say what one step means, and schedules."""

from torchbook.training.adversarial import Adversarial
from torchbook.training.find_rate import find_learning_rate
from torchbook.training.fit import fit
from torchbook.training.loop import Diverged, train
from torchbook.training.report import Report
from torchbook.training.supervised import Supervised
from torchbook.training.task import Task

__all__ = ["Adversarial", "Diverged", "Report", "Supervised", "Task", "find_learning_rate", "fit", "train"]
