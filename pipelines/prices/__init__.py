"""STEP 1b. Ask one source for price bars, each yielding ``rows.PriceBatch``."""
