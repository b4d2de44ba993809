"""Ready lessons: runs of our own lab, kept as files in the tree, and put among the recordings of a new installation."""
