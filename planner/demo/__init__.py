"""A believable clinic to look around in: seeded, repeatable, made by the product's own commands."""
