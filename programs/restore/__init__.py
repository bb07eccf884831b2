"""Restores what `backup` wrote."""
