"""Understanding: a text becomes findings. Phrases and cues first, small classifiers and networks behind them."""

import os

# The products of a message are so small that threads for one cost three times what they save, in every worker; numpy
# reads this when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
