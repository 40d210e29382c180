"""STEP 2. Clean texts, split them into sentences, find who is meant."""
