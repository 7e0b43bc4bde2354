"""From scores to an order, and from the order to seats: by terms that everybody could read beforehand."""
