"""Crowdtape: what the crowd says, beside what the tape did."""
