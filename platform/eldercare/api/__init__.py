"""The registry as GraphQL shows it."""
