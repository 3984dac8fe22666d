"""nbgrader's autograding at a tenth of its cost, each copy in a sandbox."""
