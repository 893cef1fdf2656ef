"""The tickets desk: the experts most likely to solve a support ticket, with evidence."""
