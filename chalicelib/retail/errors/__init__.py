"""The desk's errors, one module a machine; a class name is the name a definition's ``ErrorEquals`` uses."""
