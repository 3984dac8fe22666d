"""The pages people see first: my courses, a course, its people, an assignment, and the wait while a workspace opens."""
