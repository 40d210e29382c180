"""What leaves the warehouse as files for other tools: every mart as Parquet, panels for alphalens and vectorbt."""
