"""Resolutions in memory that answer for one record at a time, while records come and go."""
