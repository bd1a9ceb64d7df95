// Asking the API, and what a page does with its answers.

import { element } from "/static/element.js";
import { authorization } from "/static/identity.js";

export { element };

/** A whole answer of the API with its status, size and time; errors of the network come back in the shape of every error. */
export async function send(query, variables = {}) {
  const begun = performance.now();
  try {
    const response = await fetch("/graphql", {
      method: "POST",
      headers: { ...authorization(), "content-type": "application/json", accept: "application/graphql-response+json, application/json;q=0.9" },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    return { body: JSON.parse(text), size: new Blob([text]).size, milliseconds: performance.now() - begun };
  } catch (error) {
    return { body: { errors: [{ message: String(error) }] }, size: 0, milliseconds: performance.now() - begun };
  }
}

/** The data of a query; the first error is thrown, with its remedy. */
export async function ask(query, variables = {}) {
  const { body } = await send(query, variables);
  if (body.errors?.length) {
    const [first] = body.errors;
    const message = [first.message, first.extensions?.remedy].filter(Boolean).join(" ");
    throw Object.assign(new Error(message), { code: first.extensions?.code });
  }
  return body.data;
}

/** What is shown where something could not be had. */
export function failure(error) {
  return element("div", { class: "card failure", role: "alert" }, error.message);
}
