"""What Dagster sees: one file per step of the flow."""
