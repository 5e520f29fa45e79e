import type { HttpHeaders } from './http-types.ts';

const PLAIN_HEADERS = ['x-api-key', 'api-key', 'x-goog-api-key', 'x-litellm-api-key'] as const;
const BEARER = /^Bearer +(.+)$/i;

/** Every key the caller presented, in whatever place. Authorization schemes other than Bearer are the host's. */
export function readCredentials(headers: HttpHeaders): readonly string[] {
  const found: string[] = [];
  for (const value of valuesOf(headers.authorization)) {
    const token = BEARER.exec(value)?.[1];
    if (token) found.push(token.trim());
  }
  for (const name of PLAIN_HEADERS) found.push(...valuesOf(headers[name]).map(withoutScheme));
  return found.filter((credential) => credential !== '');
}

function valuesOf(header: string | readonly string[] | undefined): readonly string[] {
  if (header === undefined) return [];
  return typeof header === 'string' ? [header] : header;
}

/** LiteLLM's own header is documented with and without `Bearer`. */
function withoutScheme(value: string): string {
  return (BEARER.exec(value)?.[1] ?? value).trim();
}
