import type { HttpHeaders } from './http-types.ts';

type Sent = { readonly method: string; readonly headers: HttpHeaders; readonly isUpgrade?: boolean };

/**
 * Whether a browser's request comes from a page of `origin`, or is only somebody looking at an address. What changes
 * nothing may also come from who says nothing of where it comes from; what does may not.
 *
 * https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function isOwnPage({ method, headers, isUpgrade = false }: Sent, origin: string): boolean {
  const isRead = !isUpgrade && (method === 'GET' || method === 'HEAD');
  if (isRead && headers['sec-fetch-mode'] === 'navigate') return true;
  const site = headers['sec-fetch-site'];
  // Browsers say it of encrypted connections and of this machine only; of others they name at least the origin.
  if (site !== undefined) return site === 'same-origin' || (isRead && site === 'none');
  return headers.origin === undefined ? isRead : headers.origin === origin;
}
