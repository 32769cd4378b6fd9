// The link's token becomes a short-lived token; with it, the page asks what any front end would ask.

export class Refused extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

export async function exchange(token) {
  const answer = await fetch("/links/exchange", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
  const body = await answer.json();
  if (!answer.ok) throw new Refused(body.error.code, body.error.message);
  return body;
}

export class Gateway {
  #token;
  #session;

  constructor(token, session) {
    this.#token = token;
    this.#session = session;
  }

  // Gives data, and whether some of it could not be had.
  async ask(query, variables) {
    let answer = await this.#post(query, variables);
    if (answer.status === 401) {
      this.#session = await exchange(this.#token);
      answer = await this.#post(query, variables);
    }
    const body = await answer.json();
    if (!body.data) throw new Refused(body.errors?.[0]?.extensions?.code ?? "UNREADABLE", body.errors?.[0]?.message ?? "");
    return { data: body.data, partial: Boolean(body.errors?.length) };
  }

  #post(query, variables) {
    return fetch(this.#session.gateway, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/graphql-response+json, application/json",
        authorization: `Bearer ${this.#session.accessToken}`,
      },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(15000),
    });
  }
}
