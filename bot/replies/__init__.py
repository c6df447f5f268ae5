"""Replies: the acts of a turn become typed blocks with words; the one room that adds the disclaimer."""
