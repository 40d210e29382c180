"""STEP 1. Ask one source for texts; one file per source, each yielding ``rows.Batch``."""
