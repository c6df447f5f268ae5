"""The Rasa door: an action server that answers with the same talk. Only this room imports rasa_sdk."""
