"""Plain calculation of goods: planning runs, checking medicines, counting packs. No Django, no tables."""
