"""What ends a command of the command line before it has done its work."""


class UndoneError(Exception):
    """Its text is for the operator: why the command was not done, and what to do."""
