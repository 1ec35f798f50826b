"""Settings: text to frozen values and problems; reads nothing itself."""
