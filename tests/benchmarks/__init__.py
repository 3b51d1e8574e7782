"""How fast we are, printed as ratios in one run; nothing here is asserted to take any time."""
