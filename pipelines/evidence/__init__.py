"""STEP 5. Whether sentiment and price really go together: plain functions on panels of sessions, no database."""
