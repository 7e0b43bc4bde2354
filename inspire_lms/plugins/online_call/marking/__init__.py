"""How one application is marked: points or labelled levels, reasons for extremes, abstaining, and criteria that were corrected."""
