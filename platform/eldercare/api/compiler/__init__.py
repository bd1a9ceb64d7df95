"""The read compiler: a GraphQL query becomes one SQL statement whose single value is the answer as JSON text."""
