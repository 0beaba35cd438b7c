"""How weights change: `train()`, the tasks that say what one step means, and schedules."""
