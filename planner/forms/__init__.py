"""The shape of what people type about courses, visits and records."""
