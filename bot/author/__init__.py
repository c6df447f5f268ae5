"""Tools for authors: check, coverage, stubs, measuring. They call the rooms they are about."""
