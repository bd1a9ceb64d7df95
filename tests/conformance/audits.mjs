// The audits of graphql-http: GraphQL over HTTP as its specification asks for it.
import { serverAudits } from "graphql-http";
import { asking, url } from "./where.mjs";

const results = [];
for (const audit of serverAudits({ url, fetchFn: asking })) results.push(await audit.fn());
const missed = results.filter((each) => each.status !== "ok");
for (const each of missed) console.log(each.status, each.id, each.name, each.reason ?? "");
console.log(`${results.length - missed.length} of ${results.length} audits`);
process.exit(missed.length ? 1 : 0);
