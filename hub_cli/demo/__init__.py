"""The demo content: two courses made by code with a fixed seed, licence CC0, and the way into a new platform."""
