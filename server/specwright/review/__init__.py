"""Hunks and three-way plans; pure."""
