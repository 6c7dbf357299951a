"""Pure readers and writers of registers: no Django, no database, testable on plain cells."""
