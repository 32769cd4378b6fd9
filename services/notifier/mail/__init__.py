"""From a letter (what is to be told, as data) to the bytes of a message; knows no database and no socket."""
