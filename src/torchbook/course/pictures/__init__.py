"""Interactive pictures for lessons: small widgets, each a Python file and a JavaScript file of the same name."""
