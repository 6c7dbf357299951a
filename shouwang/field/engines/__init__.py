"""Calculation of the phone's protocol and of what the app is made of, without a database."""
