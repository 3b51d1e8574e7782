"""Damaged files of every kind that is read: none may crash, hang, or eat the memory; see `__main__`."""
