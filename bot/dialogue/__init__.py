"""The dialogue: answers so far become a state, and a state the next question or outcome. Pure."""
