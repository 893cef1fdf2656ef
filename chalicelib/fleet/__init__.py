"""The fleet desk: emergencies that reach people at once, contracts that never disagree with the money."""
