// graphql-ws: queries, subscriptions, mistakes, resuming behind a kept place, and a client that vanishes.
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { demand, headers, url, wait, write } from "./where.mjs";

const open = (options = {}) =>
  createClient({ url: url.replace("http", "ws"), webSocketImpl: WebSocket, connectionParams: headers, retryAttempts: 0, lazy: true, ...options });
const FEED = "subscription F($after: Cursor) { changes(after: $after, nouns: [\"Indicator\"]) { nodes { id kind } pageInfo { endCursor } } }";
const client = open();

const one = (payload) =>
  new Promise((done, fail) => {
    let found;
    client.subscribe(payload, { next: (each) => (found = each), error: fail, complete: () => done(found) });
  });
const read = await one({ query: "{ sources(first: 1) { totalCount } }" });
demand(read.data.sources.totalCount >= 0, "a query is answered");
const refused = await one({ query: "{ nix }" }).catch((error) => error);
demand(refused[0].extensions.code === "GRAPHQL_VALIDATION", "a mistake is told as an error");

async function follow(from, after, enough) {
  const seen = [];
  let place = after;
  const events = from.iterate({ query: FEED, variables: { after } });
  let ready;
  const begun = new Promise((done) => (ready = done));
  const reading = (async () => {
    for await (const each of events) {
      ready();
      if (each.errors) throw new Error(JSON.stringify(each.errors));
      seen.push(...each.data.changes.nodes.map((node) => node.id));
      place = each.data.changes.pageInfo.endCursor;
      if (seen.length >= enough) return;
    }
  })();
  return { seen, begun, reading, place: () => place };
}

const first = await follow(client, null, 2);
await first.begun;
await write();
await write();
await first.reading;
demand(first.seen.length === 2, "changes are told");
await write();
const second = await follow(client, first.place(), 1);
await second.reading;
demand(second.seen.length === 1 && !first.seen.includes(second.seen[0]), "a subscription resumes without gap or repetition");
await client.dispose();

const streams = async () => Number(/^eldercare_streams (\d+)/m.exec(await (await fetch(url.replace("/graphql", "/metrics"), { headers: { authorization: `Bearer ${process.env.CONFORMANCE_METRICS}` } })).text())[1]);
let socket;
const vanishing = open({ webSocketImpl: class extends WebSocket { constructor(...given) { super(...given); socket = this; } } });
vanishing.subscribe({ query: FEED }, { next() {}, error() {}, complete() {} });
for (let i = 0; i < 50 && (await streams()) < 1; i++) await wait(100);
demand((await streams()) === 1, "a follower is counted");
socket.terminate();
for (let i = 0; i < 100 && (await streams()) > 0; i++) await wait(100);
demand((await streams()) === 0, "a vanished client frees what it held");
console.log("query, mistake, subscription, resumed, vanished");
process.exit(0);
