"""STEP 2. What a text states and the tape, or a calendar, can decide: sentence → claims."""
