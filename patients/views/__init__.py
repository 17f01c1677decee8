"""Pages about patients: who they are, and whether it is safe."""
