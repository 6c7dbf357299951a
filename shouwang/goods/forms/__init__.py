"""Forms of goods, one file a subject."""
