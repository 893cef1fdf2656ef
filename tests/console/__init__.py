"""The console in Chromium: one boot and one browser for the whole folder, closed behind its last test."""
