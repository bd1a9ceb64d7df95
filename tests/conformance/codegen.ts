// Types and trusted documents from the committed schema and the documents under src.
import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: "out/schema.graphql",
  documents: "src/*.ts",
  generates: {
    "out/gql/": {
      preset: "client",
      presetConfig: { persistedDocuments: { hashAlgorithm: "sha256" }, fragmentMasking: true },
      config: { useTypeImports: true, strictScalars: true, scalars: { Date: "string", DateTime: "string", JSON: "unknown", Cursor: "string", Money: "string" } },
    },
  },
};
export default config;
