"""The course at the terminal: its commands, the quiz, and the screen of `torchbook check --watch`."""
