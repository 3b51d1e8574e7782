"""A check that goes on from an earlier one says what a whole check says."""
