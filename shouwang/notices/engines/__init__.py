"""Plain calculation: whether an address is one that messages may be sent to."""
