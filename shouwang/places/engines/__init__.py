"""Pure calculation about places: no Django, no database."""
