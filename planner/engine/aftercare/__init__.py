"""Aftercare: choose, date and assemble what a patient takes home. Pure: facts and texts in, content out."""
