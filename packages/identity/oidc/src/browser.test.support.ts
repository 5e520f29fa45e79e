import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';

/** Keeps cookies as browsers do, and says where its requests come from. */
export class Browser {
  readonly #cookies = new Map<string, { readonly value: string; readonly path: string }>();
  /** Every cookie as it was set, with its rules. */
  readonly set: string[] = [];

  /** Goes to an address, and wherever that leads, as long as `stopBefore` does not begin the address. */
  async go(
    address: string,
    { stopBefore = 'never:', headers = {} }: { readonly stopBefore?: string; readonly headers?: Record<string, string> } = {},
  ): Promise<Response> {
    let url = address;
    for (let steps = 0; steps < 12; steps += 1) {
      const response = await this.send(url, {
        headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-site': steps === 0 ? 'none' : 'cross-site', ...headers },
      });
      const location = response.headers.get('location');
      if (location === null) return response;
      const next = new URL(location, url).href;
      if (next.startsWith(stopBefore)) return response;
      await response.arrayBuffer();
      url = next;
    }
    throw new Error(`There is no end of redirects at ${url}`);
  }

  /** What a page of `from` sends by a script, or by a form. */
  call(
    url: string,
    {
      from = new URL(url).origin,
      method = 'GET',
      headers = {},
      body,
    }: { from?: string; method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<Response> {
    const site = from === new URL(url).origin ? 'same-origin' : 'cross-site';
    return this.send(url, {
      method,
      headers: { origin: from, 'sec-fetch-site': site, 'sec-fetch-mode': 'cors', ...headers },
      ...(body !== undefined && { body }),
    });
  }

  async send(
    url: string,
    { method = 'GET', headers, body }: { readonly method?: string; readonly headers: Record<string, string>; readonly body?: string },
  ): Promise<Response> {
    const cookie = this.cookiesFor(new URL(url).pathname);
    // Not by `fetch`, which has a word of its own for where a request comes from.
    const sent = request(url, { method, headers: { ...headers, ...(cookie !== '' && { cookie }) } }).end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const text = await answer.setEncoding('utf8').toArray();
    const response = new Response(text.length > 0 ? text.join('') : null, { status: answer.statusCode ?? 0, headers: withoutCookies(answer) });
    for (const line of answer.headers['set-cookie'] ?? []) this.keep(line);
    return response;
  }

  /** Cookies know no ports: everything on this machine is one host. */
  cookiesFor(pathname: string): string {
    const sent = [...this.#cookies].filter(([, { path }]) => pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`));
    return sent.map(([name, { value }]) => `${name}=${value}`).join('; ');
  }

  keep(line: string): void {
    this.set.push(line);
    const [pair = '', ...rules] = line.split(/;\s*/);
    const [name = '', ...value] = pair.split('=');
    const path = rules.find((rule) => /^path=/i.test(rule))?.slice(5) ?? '/';
    const isGone = rules.some((rule) => /^max-age=0$/i.test(rule) || (/^expires=/i.test(rule) && Date.parse(rule.slice(8)) < Date.now()));
    if (isGone) this.#cookies.delete(name);
    else this.#cookies.set(name, { value: value.join('='), path });
  }

  value(name: string): string | undefined {
    return this.#cookies.get(name)?.value;
  }

  /** A browser with the same cookies. */
  copy(): Browser {
    const other = new Browser();
    for (const [name, { value, path }] of this.#cookies) other.keep(`${name}=${value}; Path=${path}`);
    return other;
  }
}

function withoutCookies({ headers }: IncomingMessage): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as [string, string]] : []));
}
