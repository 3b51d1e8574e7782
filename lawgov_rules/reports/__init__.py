"""Ways out: each module writes a report in one format. Nothing here decides anything."""
