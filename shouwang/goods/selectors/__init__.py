"""What goods is asked, one file a subject."""
