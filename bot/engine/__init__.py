"""The engine: findings become a safety level, claims that fire, and a routine. Pure functions over frozen data."""
