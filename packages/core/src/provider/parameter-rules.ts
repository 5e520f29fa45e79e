import { GatewayError } from '../errors/gateway-error.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';
import type { Deployment } from '../types/model.ts';
import { withoutPath } from './without-path.ts';
import type { ProviderCall } from './provider.ts';

/**
 * Fields that say who asks or how to keep books, and nothing about the answer. A provider that has no word for one of
 * them may leave it out: nobody asked for what is missing then.
 */
export const BOOKKEEPING_FIELDS: readonly string[] = [
  'user',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
  'prompt_cache_options',
  'metadata',
  'stream_options',
  'cache',
];

/**
 * The request without the fields that a provider does not have. By the deployment's rules some go on all the same
 * (`allow`), and the others are left out without a word (`dropUnsupported`). A field that says no more than its
 * default is never refused. Gives back its very argument where nothing has to go.
 * @throws GatewayError `unsupported_parameter` for the first field that stays.
 */
export function supportedRequest({ request, deployment }: ProviderCall, unsupported: readonly string[]): ModelRequest {
  const { allow = [] } = deployment.parameterRules ?? {};
  const missing = unsupported.filter((field) => request[field] !== undefined && !allow.includes(field));
  const refuse = refuser(deployment);
  for (const field of missing) if (!isDefault(field, request[field])) refuse(field);
  return missing.reduce<ModelRequest>((rest, field) => withoutPath(rest, field) as ModelRequest, request);
}

/**
 * The request without every field but the `known` ones and those that only keep books, by the same rules.
 * @throws GatewayError `unsupported_parameter` for the first other field that stays.
 */
export function knownRequest(call: ProviderCall, known: readonly string[]): ModelRequest {
  const kept = new Set(['model', ...BOOKKEEPING_FIELDS, ...known]);
  return supportedRequest(
    call,
    Object.keys(call.request).filter((field) => !kept.has(field)),
  );
}

/**
 * The fields of {@link knownRequest} alone, without what keeps books and without what says nothing.
 * @throws GatewayError `unsupported_parameter`.
 */
export function knownFields(call: ProviderCall, known: readonly string[]): JsonObject {
  const apart = new Set(['model', ...BOOKKEEPING_FIELDS]);
  return Object.fromEntries(Object.entries(knownRequest(call, known)).filter(([field, value]) => !apart.has(field) && value !== undefined && value !== null));
}

/**
 * Says of a parameter that it cannot be honoured: throws, or where the deployment's rules let it be left out just
 * returns, and the caller leaves it out.
 */
export type Refuse = (param: string, reason?: string) => void;

/** @throws GatewayError `unsupported_parameter`, from the function it gives back. */
export function refuser({ provider, parameterRules: rules }: Deployment): Refuse {
  return (param, reason) => {
    if (rules?.dropUnsupported !== true) throw unsupportedParameter(param, provider, reason);
  };
}

/** That a provider cannot honour the field at `param`, such as `messages[2].content[0]`. */
export function unsupportedParameter(param: string, provider: string, reason = ''): GatewayError {
  const hint = reason === '' ? '' : `: ${reason}`;
  return new GatewayError('unsupported_parameter', `Provider '${provider}' cannot honour '${param}'${hint}`, { param });
}

/** What OpenAI assumes where these fields are left out, in each of the words for it. */
const DEFAULTS: Readonly<Record<string, readonly unknown[]>> = {
  n: [1],
  speed: [1],
  frequency_penalty: [0],
  presence_penalty: [0],
  logprobs: [false],
  top_logprobs: [0],
  temperature: [1],
  top_p: [1],
  modalities: [['text']],
  logit_bias: [{}],
  store: [false],
  verbosity: ['medium'],
  parallel_tool_calls: [true],
  service_tier: ['auto', 'default'],
};

function isDefault(field: string, value: unknown): boolean {
  const text = JSON.stringify(value);
  return value === null || (DEFAULTS[field] ?? []).some((known) => JSON.stringify(known) === text);
}
