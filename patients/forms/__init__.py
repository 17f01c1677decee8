"""The shape of what is typed about patients: profile, screens, decisions, consents."""
