"""Hunks, three-way plans and risk order; pure."""
