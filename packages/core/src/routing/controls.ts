import { GatewayError } from '../errors/gateway-error.ts';
import type { ErrorCode } from '../errors/error-codes.ts';
import type { Context } from '../pipeline/context.ts';
import { toNanoUsd } from '../pricing/money.ts';
import { namedTags } from '../requests/named-tags.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { ModelGroup } from '../types/model-group.ts';
import { type ProviderPreference, readProviderPreference } from './provider-preference.ts';

/** What a caller may say to the router. None of it goes upstream. */
export type Controls = {
  readonly maxCostNanoUsd?: number;
  readonly provider?: ProviderPreference;
  readonly tags?: readonly string[];
  readonly fallbacks?: readonly string[];
  readonly disableFallbacks?: boolean;
  readonly retries?: number;
  /** In the waiting line: lower goes sooner. */
  readonly priority?: number;
  /** For the whole call. */
  readonly timeoutMs?: number;
  /** Fails the first group with this, without asking anybody: for testing fallbacks. */
  readonly mock?: ErrorCode;
};

const FIELDS = [
  // Said to the gateway's cache. Where there is none, there is nobody else to hear it.
  'cache',
  'fastest_response',
  'max_cost',
  'provider',
  'tags',
  'fallbacks',
  'disable_fallbacks',
  'num_retries',
  'timeout',
  'mock_testing_fallbacks',
  'mock_testing_context_fallbacks',
  'mock_testing_content_policy_fallbacks',
  'mock_testing_rate_limit_error',
] as const;

const MOCKS: readonly (readonly [field: (typeof FIELDS)[number], code: ErrorCode])[] = [
  ['mock_testing_fallbacks', 'upstream_error'],
  ['mock_testing_context_fallbacks', 'context_length_exceeded'],
  ['mock_testing_content_policy_fallbacks', 'content_policy_violation'],
  ['mock_testing_rate_limit_error', 'upstream_rate_limited'],
];

/**
 * Reads what the caller says to the router and takes it out of the request. Nothing for the many calls that say
 * nothing: those keep the bytes they came as.
 * @throws GatewayError `invalid_request`
 */
export function takeControls(ctx: Context, group: ModelGroup): Controls | undefined {
  const { request, source } = ctx;
  const { headers } = source;
  const isSaid = saysSomething(request) || hasPriority(request, group);
  const tags = namedTags(request, headers);
  const timeout = headers?.['x-sluice-timeout'] ?? headers?.['x-litellm-timeout'];
  if (!isSaid && tags.length === 0 && timeout === undefined) return undefined;

  const provider = readProviderPreference(request.provider, group);
  const controls = toControls({ ...request, timeout: request.timeout ?? timeout }, tags, provider);
  const kept = [...(provider ? [] : ['provider']), ...(hasPriority(request, group) ? [] : ['priority'])];
  if (isSaid) ctx.request = without(request, kept);
  ctx.request = withoutTags(ctx.request);
  return controls;
}

/** Providers take texts in `metadata`, where they take it at all; a list of tags is for the gateway. */
function withoutTags(request: ModelRequest): ModelRequest {
  const { metadata } = request;
  if (typeof metadata !== 'object' || metadata === null || !('tags' in metadata) || !Array.isArray(metadata.tags)) return request;
  const { tags: _, ...rest } = metadata as Record<string, unknown>;
  const { metadata: __, ...others } = request;
  return (Object.keys(rest).length === 0 ? others : { ...others, metadata: rest }) as ModelRequest;
}

function saysSomething(request: ModelRequest): boolean {
  for (const field of FIELDS) if (request[field] !== undefined) return true;
  return false;
}

/** Only where calls may come to wait: there are providers that take a field of this name themselves. */
function hasPriority({ priority }: ModelRequest, { deployments }: ModelGroup): boolean {
  return priority !== undefined && deployments.some(({ parallelCalls }) => parallelCalls !== undefined);
}

function toControls(request: ModelRequest, tags: readonly string[], provider: ProviderPreference | undefined): Controls {
  const { max_cost, fallbacks, disable_fallbacks, num_retries, timeout, priority } = request;
  const mock = MOCKS.find(([field]) => request[field] === true)?.[1];
  if (request.tags !== undefined) names(request.tags, 'tags');
  return {
    ...(max_cost === undefined ? {} : { maxCostNanoUsd: dollars(max_cost) }),
    ...(provider && { provider }),
    ...(tags.length === 0 ? {} : { tags }),
    ...(fallbacks === undefined || fallbacks === null ? {} : { fallbacks: names(fallbacks, 'fallbacks') }),
    ...(disable_fallbacks === true ? { disableFallbacks: true } : {}),
    ...(num_retries === undefined || num_retries === null ? {} : { retries: count(num_retries) }),
    ...(timeout === undefined || timeout === null ? {} : { timeoutMs: seconds(timeout) }),
    ...(typeof priority === 'number' ? { priority } : {}),
    ...(mock && { mock }),
  };
}

function without(request: ModelRequest, kept: readonly string[]): ModelRequest {
  const rest: Record<string, unknown> = { ...request };
  for (const field of [...FIELDS, 'priority']) if (!kept.includes(field)) delete rest[field];
  return rest as ModelRequest;
}

function names(value: unknown, field: string): readonly string[] {
  if (Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '')) return value as readonly string[];
  const hint = field === 'fallbacks' ? ' A fallback with a request of its own is not taken: it would reach a model unjudged.' : '';
  throw new GatewayError('invalid_request', `${field} has to be a list of names.${hint}`, { param: field });
}

function dollars(value: unknown): number {
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return toNanoUsd(value);
  throw new GatewayError('invalid_request', 'max_cost has to be an amount of dollars, such as 0.01.', { param: 'max_cost' });
}

function count(value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= 10) return value as number;
  throw new GatewayError('invalid_request', 'num_retries has to be a whole number from 0 to 10.', { param: 'num_retries' });
}

function seconds(value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && number > 0 && number <= 86_400) return number * 1000;
  throw new GatewayError('invalid_request', 'timeout has to be a number of seconds.', { param: 'timeout' });
}
