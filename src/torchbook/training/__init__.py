"""How weights change: `train()`, the tasks that say what one step means, and schedules."""

from torchbook.training.adversarial import Adversarial
from torchbook.training.find_rate import find_learning_rate
from torchbook.training.loop import Diverged, Task, train
from torchbook.training.report import Report
from torchbook.training.supervised import Supervised

__all__ = ["Adversarial", "Diverged", "Report", "Supervised", "Task", "find_learning_rate", "train"]
