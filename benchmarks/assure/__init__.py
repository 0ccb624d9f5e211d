"""Speed of the reach evaluation."""
