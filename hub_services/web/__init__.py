"""What every feature rests on: sessions, the guard, pages, refusals, files, jobs, metrics."""
