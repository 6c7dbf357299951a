"""What help enters into core's registries."""

from shouwang.help.registry import faces, groups, orders, records, work  # noqa: F401  (each enters its own)
