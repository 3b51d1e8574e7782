"""Ways in: each module reads one kind of file into plain documents. Nothing here decides anything."""
