"""Settings for all tests: no deadlines (tests never measure time), and runs that can be repeated."""

from hypothesis import HealthCheck, settings

settings.register_profile("house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")
