import type { HttpHeaders } from './http-types.ts';

const PLAIN_HEADERS = ['x-api-key', 'api-key', 'x-goog-api-key', 'x-litellm-api-key'] as const;
const BEARER = /^Bearer +(.+)$/i;

/** Every key the caller presented, in whatever place. Authorization schemes other than Bearer are the host's. */
export function readCredentials(headers: HttpHeaders): readonly string[] {
  const found: string[] = [];
  collect(found, headers.authorization, true);
  // LiteLLM's own header is documented with and without `Bearer`.
  for (const name of PLAIN_HEADERS) collect(found, headers[name], false);
  return found;
}

function collect(found: string[], header: string | readonly string[] | undefined, needsScheme: boolean): void {
  if (header === undefined) return;
  if (typeof header !== 'string') {
    for (const value of header) collect(found, value, needsScheme);
    return;
  }
  const credential = (BEARER.exec(header)?.[1] ?? (needsScheme ? '' : header)).trim();
  if (credential !== '') found.push(credential);
}
