// The relay rules of graphql-eslint, over the committed schema.
import graphql from "@graphql-eslint/eslint-plugin";

export default [
  {
    files: ["**/*.graphql"],
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: "out/schema.graphql" } } },
    plugins: { "@graphql-eslint": graphql },
    rules: {
      ...graphql.configs["flat/schema-relay"].rules,
      // Lists of errors, groups and nodes are no connections: they have no pages.
      "@graphql-eslint/relay-edge-types": ["error", { listTypeCanWrapOnlyEdgeType: false, withEdgeSuffix: true, shouldImplementNode: false }],
      "@graphql-eslint/relay-arguments": ["error", { includeBoth: false }],
      "@graphql-eslint/require-deprecation-reason": "error",
      "@graphql-eslint/require-description": ["error", { types: true, FieldDefinition: true, DirectiveDefinition: true }],
      "@graphql-eslint/no-typename-prefix": "off",
    },
  },
];
