"""The project package and the clinic itself: places, people, rooms, devices, hours, stock, roles."""
