"""How fast it is, beside floors measured in the same run. Not part of the distribution."""
