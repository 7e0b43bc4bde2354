"""The bundled plugins, one folder each; none knows another."""
