"""STEP 4. The trading calendar and its sessions."""
