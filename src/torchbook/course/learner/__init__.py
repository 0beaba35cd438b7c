"""The learner's side of the course: the workspace, the progress, and the actions on an exercise."""
