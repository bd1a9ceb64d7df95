// graphql-sse, in its mode of distinct connections: queries, subscriptions, resuming, and a client that leaves.
import { createClient } from "graphql-sse";
import { demand, headers, url, wait, write } from "./where.mjs";

const client = createClient({ url, headers, retryAttempts: 0 });
const FEED = "subscription F($after: Cursor) { changes(after: $after, nouns: [\"Indicator\"]) { nodes { id } pageInfo { endCursor } } }";

const read = [];
for await (const each of client.iterate({ query: "{ sources(first: 1) { totalCount } }" })) read.push(each);
demand(read.length === 1 && read[0].data.sources.totalCount >= 0, "a query is answered once");

let place, seen = 0;
for await (const each of client.iterate({ query: FEED })) {
  place = each.data.changes.pageInfo.endCursor;
  seen += each.data.changes.nodes.length;
  if (seen === 0) await write();
  else break;
}
await write();
let later = 0;
for await (const each of client.iterate({ query: FEED, variables: { after: place } })) {
  later += each.data.changes.nodes.length;
  if (later) break;
}
demand(seen === 1 && later === 1, "a subscription is told of changes and resumes");
client.dispose();
const metrics = { headers: { authorization: `Bearer ${process.env.CONFORMANCE_METRICS}` } };
const streams = async () => Number(/^eldercare_streams (\d+)/m.exec(await (await fetch(url.replace("/graphql", "/metrics"), metrics)).text())[1]);
for (let i = 0; i < 100 && (await streams()) > 0; i++) await wait(100);
demand((await streams()) === 0, "a client that left frees what it held");
console.log("query, subscription, resumed, left");
process.exit(0);
