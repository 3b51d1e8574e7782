"""."""


def add(commands):
    pass
