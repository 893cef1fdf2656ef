"""The report: written, perhaps mailed, found again."""
