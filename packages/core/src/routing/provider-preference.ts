import { GatewayError } from '../errors/gateway-error.ts';
import type { ModelGroup } from '../types/model-group.ts';

/** Which providers a caller wants, in OpenRouter's words. */
export type ProviderPreference = {
  readonly only?: readonly string[];
  readonly ignore?: readonly string[];
  /** Those to be asked first, in this order. */
  readonly order?: readonly string[];
  readonly sort?: 'price' | 'latency' | 'throughput';
  /** `false`: no provider but those in `order`. */
  readonly allowFallbacks: boolean;
};

const SORTS = ['price', 'latency', 'throughput'];

/**
 * The caller's `provider`, when it names one that may answer here. When it names none of them it is left alone: there
 * are providers that take a field of this name themselves.
 * @throws GatewayError `invalid_request`
 */
export function readProviderPreference(value: unknown, { deployments }: ModelGroup): ProviderPreference | undefined {
  if (value === undefined || value === null) return undefined;
  const isOurs = (names: readonly string[]): boolean => names.some((name) => deployments.some(({ provider }) => provider === name));
  if (typeof value === 'string') return isOurs([value]) ? { only: [value], allowFallbacks: true } : undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw wrong('provider', 'the name of a provider, or { only, ignore, order, sort }');

  const { only, ignore, order, sort, allow_fallbacks: allowFallbacks = true } = value as Record<string, unknown>;
  const lists = { only: list(only, 'only'), ignore: list(ignore, 'ignore'), order: list(order, 'order') };
  const named = Object.values(lists).flatMap((names) => names ?? []);
  if (named.length > 0 ? !isOurs(named) : sort === undefined || deployments.length < 2) return undefined;
  if (sort !== undefined && !SORTS.includes(String(sort))) throw wrong('provider.sort', `one of ${SORTS.join(', ')}`);
  return {
    ...(lists.only && { only: lists.only }),
    ...(lists.ignore && { ignore: lists.ignore }),
    ...(lists.order && { order: lists.order }),
    ...(sort === undefined ? {} : { sort: sort as 'price' }),
    allowFallbacks: allowFallbacks !== false,
  };
}

function list(value: unknown, name: string): readonly string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value as readonly string[];
  throw wrong(`provider.${name}`, 'a list of providers');
}

function wrong(param: string, expected: string): GatewayError {
  return new GatewayError('invalid_request', `${param} has to be ${expected}.`, { param });
}
