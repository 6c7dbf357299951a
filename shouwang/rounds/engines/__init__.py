"""Pure calculation about rounds: no Django, no database."""
