"""The words of Supple as frozen dataclasses; standard library only."""
