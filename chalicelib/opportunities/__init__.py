"""The opportunities desk: questions to the sales history that are safe to ask."""
