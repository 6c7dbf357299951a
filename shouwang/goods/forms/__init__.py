"""The forms of goods, one file a subject."""
