"""The desk's errors, a module for each machine; a class name is the name a definition's ``ErrorEquals`` uses."""
