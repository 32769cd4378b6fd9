"""One async function per write. Each works within the unit of work it is given, and gives the id of what it made."""
