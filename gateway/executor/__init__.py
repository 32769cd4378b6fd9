"""From a plan to an answer: variables -> run -> entities -> merge -> project."""
