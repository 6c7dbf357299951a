"""What ui enters into core's registries."""
