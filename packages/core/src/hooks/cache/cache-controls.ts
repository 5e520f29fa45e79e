import { didYouMean } from '../../errors/did-you-mean.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import type { Context } from '../../pipeline/context.ts';

/** What a caller may ask of the cache for one call. */
export type CacheControls = {
  readonly mayRead: boolean;
  readonly mayWrite: boolean;
  readonly ttlMs?: number | undefined;
  /** Older answers are not accepted. */
  readonly maxAgeMs?: number | undefined;
  readonly namespace?: string | undefined;
};

const UNRESTRICTED: CacheControls = { mayRead: true, mayWrite: true };

/** Field by field as LiteLLM's callers write it; times in seconds. */
const FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  'no-cache': isBoolean,
  'no-store': isBoolean,
  ttl: isSeconds,
  's-maxage': isSeconds,
  namespace: (value) => typeof value === 'string',
};

/**
 * The body's `cache` field and the `cache-control` header, together.
 * @throws GatewayError `invalid_request`, `unsupported_parameter`.
 */
export function cacheControls(ctx: Context): CacheControls {
  const header = ctx.source.headers?.['cache-control'];
  const { cache } = ctx.request;
  if (header === undefined && (cache === undefined || cache === null)) return UNRESTRICTED;
  const directives = String(header ?? '').toLowerCase();
  const fields = requireFields(cache ?? {});
  return {
    mayRead: fields['no-cache'] !== true && !directives.includes('no-cache'),
    mayWrite: fields['no-store'] !== true && !directives.includes('no-store'),
    ttlMs: toMs(fields.ttl),
    maxAgeMs: toMs(fields['s-maxage']),
    namespace: fields.namespace as string | undefined,
  };
}

function requireFields(cache: unknown): Readonly<Record<string, unknown>> {
  if (typeof cache !== 'object' || cache === null || Array.isArray(cache))
    throw new GatewayError('invalid_request', "'cache' has to be an object", { param: 'cache' });
  const fields = cache as Readonly<Record<string, unknown>>;
  for (const [name, value] of Object.entries(fields)) {
    const isValid = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    const param = `cache.${name.slice(0, 40)}`;
    if (!isValid) throw new GatewayError('unsupported_parameter', `'${param}' is not known. ${didYouMean(name, Object.keys(FIELDS))}`.trim(), { param });
    if (!isValid(value)) throw new GatewayError('invalid_request', `'${param}' has a value that does not fit`, { param });
  }
  return fields;
}

function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isSeconds(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER / 1000;
}

function toMs(seconds: unknown): number | undefined {
  return typeof seconds === 'number' ? seconds * 1000 : undefined;
}
