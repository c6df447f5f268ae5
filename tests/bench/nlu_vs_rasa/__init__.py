"""Supple's reader beside Rasa's DIET: same training text, same held-out messages, one run, one table."""
