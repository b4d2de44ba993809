"""What `make bench` measures. Ratios count more than milliseconds: each figure has its yardstick in the same run."""
