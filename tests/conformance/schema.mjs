// graphql-js reads the printed schema, finds nothing wrong in it, and gets the same from the server's introspection.
import { readFileSync } from "node:fs";
import { buildClientSchema, buildSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema, validateSchema } from "graphql";
import { ask, demand } from "./where.mjs";

const printed = buildSchema(readFileSync(process.env.CONFORMANCE_SCHEMA, "utf8"));
const faults = validateSchema(printed);
for (const fault of faults) console.log(fault.message);
demand(faults.length === 0, "the printed schema is valid");
const live = buildClientSchema(await ask(getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true, oneOf: true })));
const [a, b] = [printed, live].map((each) => printSchema(lexicographicSortSchema(each)));
if (a !== b) {
  const [x, y] = [a.split("\n"), b.split("\n")];
  const at = x.findIndex((line, i) => line !== y[i]);
  console.log(`printed: ${x[at]}\nlive:    ${y[at]}`);
}
demand(a === b, "the printed schema is the server's");
console.log(`${Object.keys(printed.getTypeMap()).length} types, valid, printed as served`);
