"""Looking at a layout before it matters: with the longest name and the shortest, with what may be missing missing."""
