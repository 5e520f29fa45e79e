import { hash } from 'node:crypto';
import type { Context } from '../../pipeline/context.ts';
import type { Principal } from '../../types/principal.ts';

/** How the answer travels, and what is said to the cache itself: neither changes what is answered. */
const TRANSPORT: ReadonlySet<string> = new Set(['stream', 'stream_options', 'cache']);

/**
 * Where the answer to exactly this call is kept: tenant, operation, form of the answer and every parameter,
 * in an order that does not depend on the caller's. Parameters that nobody here knows count as well.
 */
export function cacheKey(ctx: Context, namespace: string | undefined): string {
  const { request } = ctx;
  let text = canonical([tenantOf(ctx.principal), namespace ?? null, ctx.operation, request.stream === true]);
  for (const field of Object.keys(request).sort()) {
    const value = request[field];
    if (value !== undefined && !TRANSPORT.has(field)) text += ofText(field) + canonical(value);
  }
  return `cache:${hash('sha256', text, 'base64url')}`;
}

/** Keys of one team share their answers; keys without a team share with nobody. */
function tenantOf(principal: Principal | undefined): readonly string[] {
  if (principal === undefined) return ['open'];
  const { organizationId = '', teamId, keyId } = principal;
  return teamId === undefined ? ['key', organizationId, keyId] : ['team', organizationId, teamId];
}

/** What JSON can say of `value`, in one way only: fields in order, and each part with its end known from its beginning. */
function canonical(value: unknown): string {
  if (typeof value === 'string') return ofText(value);
  if (value === null || typeof value !== 'object') return `${JSON.stringify(value) ?? 'null'};`;
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += canonical(item);
    return `[${text}]`;
  }
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return canonical((value as { toJSON(): unknown }).toJSON());
  for (const field of Object.keys(value).sort()) {
    const item = (value as Record<string, unknown>)[field];
    if (item !== undefined) text += ofText(field) + canonical(item);
  }
  return `{${text}}`;
}

/** Node has it from version 20 on, the language's version here not yet. */
type ES2024String = string & { isWellFormed(): boolean };

/** By its length, at a small part of what escaping it costs. Halves of characters are escaped: hashing would make them all alike. */
function ofText(text: string): string {
  return (text as ES2024String).isWellFormed() ? `${text.length}:${text}` : JSON.stringify(text);
}
