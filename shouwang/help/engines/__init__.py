"""Pure calculation about requests for help: no Django, no database."""
