"""The bundled sample: a simulated market, the crowd that talks about it, and the effect planted between them.

Nothing here was written or measured by anyone else: the phrases are ours, the prices are invented.
"""

SEED = 80  # chosen for price levels that look familiar, before any text was made
