"""Plain calculation on names, numbers and dates of people; no Django."""
