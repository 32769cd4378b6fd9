"""The story that `liant demo` tells."""
