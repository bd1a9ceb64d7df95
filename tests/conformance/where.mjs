// Where the server is, and how to ask it.
export const url = process.env.CONFORMANCE_URL;
export const headers = process.env.CONFORMANCE_TOKEN ? { authorization: `Bearer ${process.env.CONFORMANCE_TOKEN}` } : {};

export const asking = (address, options = {}) =>
  fetch(address, { ...options, headers: { ...headers, ...Object.fromEntries(new Headers(options.headers)) } });

export async function ask(query, variables = {}) {
  const response = await asking(url, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify({ query, variables }),
  });
  const answer = await response.json();
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

let number = 0;
export const write = () =>
  ask(
    `mutation W($c: String!) { createIndicator(input: {code: $c, name: "conformance", nameZh: "测试", unit: "1", formula: "1", basis: RECORDS, validFrom: "2026-01-01"}) { errors { code message } } }`,
    { c: `conformance-${process.pid}-${(number += 1)}` },
  ).then((data) => {
    if (data.createIndicator.errors.length) throw new Error(JSON.stringify(data.createIndicator.errors));
  });

export const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

export function demand(holds, what) {
  if (!holds) {
    console.error(`not so: ${what}`);
    process.exit(1);
  }
}
