"""Pictures to touch: small widgets for lessons, each one Python file and one JavaScript file of the same name."""
