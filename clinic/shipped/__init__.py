"""What a new clinic starts with: plain rows, each clinical number with its source. Loaded as drafts."""
