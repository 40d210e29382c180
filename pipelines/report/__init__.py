"""STEP 6. What a person is shown of a run."""
