import { GatewayError } from '../errors/gateway-error.ts';
import type { SessionCookie } from '../identities/identity.ts';
import { readCredentials } from './credentials.ts';
import type { HttpRequest } from './http-types.ts';
import { isOwnPage } from './own-page.ts';

/** What a request shows of who makes it. */
export type Shown = {
  readonly credentials: readonly string[];
  /** Why what it shows is not taken. */
  readonly fault?: GatewayError | undefined;
};

/** Credentials in headers, and where there are none, a session in a cookie. */
export function shownReader(cookies: readonly SessionCookie[]): (from: HttpRequest) => Shown {
  return (from) => {
    const credentials = readCredentials(from.headers);
    // What somebody says goes before what their browser sends unasked.
    return credentials.length > 0 || cookies.length === 0 ? { credentials } : inCookies(cookies, from);
  };
}

function inCookies(cookies: readonly SessionCookie[], from: HttpRequest): Shown {
  const found = cookies.flatMap(({ name, origin }) => cookieValues(from.headers.cookie, name).map((value) => ({ value, origin })));
  const [first] = found;
  if (!first) return { credentials: [] };
  if (!isOwnPage(from, first.origin)) return { credentials: [], fault: foreign(from) };
  return { credentials: [...new Set(found.map(({ value }) => value))] };
}

/** Every value that a browser sends under a name: a neighbouring site may have set one of its own. */
export function cookieValues(header: string | readonly string[] | undefined, name: string): readonly string[] {
  return [header ?? []]
    .flat()
    .flatMap((line) => line.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1))
    .filter((value) => value !== '');
}

export function foreign({ headers, method }: Pick<HttpRequest, 'headers' | 'method'>): GatewayError {
  const site = headers['sec-fetch-site'] ?? headers.origin;
  const whose = site === undefined ? `that does not say where it comes from (${method} without an origin)` : `of another page (${String(site).slice(0, 80)})`;
  return new GatewayError('cross_site_session', `A session in a cookie came along with a request ${whose}; send a key, or call from the gateway's own pages`);
}
