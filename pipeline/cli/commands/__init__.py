"""The commands: each parses, calls one function of the workflow, and shows what came back."""
