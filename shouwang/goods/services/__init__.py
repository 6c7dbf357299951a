"""Every write of goods, one file a subject."""
