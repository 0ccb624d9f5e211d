"""Time, frames, the Earth, sensors and the estimator's dynamics. See README.md."""
