"""Supple."""
