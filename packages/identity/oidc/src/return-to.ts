import { GatewayError } from '@sluice/core';

const LONGEST = 1024;

/** Whether a browser takes it for a path at the host it is at, whatever that is. */
export function isPathHere(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST && /^\/(?![/\\])[\x21-\x7e]*$/.test(value) && !value.includes('\\');
}

/**
 * A path at the gateway's own host.
 * @throws GatewayError `invalid_request` for whatever a browser could take for another one.
 */
export function returnTo(value: string, base: URL): string {
  const url = isPathHere(value) && URL.canParse(value, base.href) ? new URL(value, base) : undefined;
  if (!url || url.origin !== base.origin) throw new GatewayError('invalid_request', 'It has to be a path at this host, such as /ui', { param: 'return_to' });
  // Whole, for dots in it may have left two slashes at its beginning.
  return url.href;
}
