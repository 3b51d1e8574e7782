"""``python -m lawgov_rules``: the command ``lawgov`` where it is not on the path."""

from lawgov_rules.cli import main

raise SystemExit(main())
