"""The commands of `eldersim`, one module a command, loaded when it is called."""
