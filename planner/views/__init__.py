"""Pages of courses, the diary, session records and aftercare."""
