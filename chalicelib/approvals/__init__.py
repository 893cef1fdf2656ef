"""Approvals: a decision only a person can take, asked once, reminded, decided once and kept."""
