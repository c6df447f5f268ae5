"""Understanding: a text becomes findings. Phrases and cues first, a small classifier behind them."""
