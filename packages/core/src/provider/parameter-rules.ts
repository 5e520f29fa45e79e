import { GatewayError } from '../errors/gateway-error.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';
import type { ProviderCall } from './provider.ts';

/**
 * The request without the fields that a provider does not have. Of the deployment's options, `additional_drop_params`
 * takes out more (`seed`, `tools[*].function.strict`), `allowed_openai_params` lets some through as they are, and
 * `drop_params: true` leaves the others out without a word. A field that says no more than its default is never refused.
 * @throws GatewayError `unsupported_parameter` for the first field that stays.
 */
export function supportedRequest({ request, deployment }: ProviderCall, unsupported: readonly string[]): ModelRequest {
  const { drop_params: mayDrop, additional_drop_params: dropped, allowed_openai_params: allowed } = deployment.options ?? {};
  const kept = namesIn(dropped).reduce<ModelRequest>((rest, path) => without(rest, toSteps(path)) as ModelRequest, request);
  const missing = unsupported.filter((field) => kept[field] !== undefined && !namesIn(allowed).includes(field));
  const refused = missing.find((field) => !isDefault(field, kept[field]));
  if (refused !== undefined && mayDrop !== true) throw unsupportedParameter(refused, deployment.provider);
  return missing.reduce<ModelRequest>((rest, field) => without(rest, [field]) as ModelRequest, kept);
}

/** That a provider cannot honour the field at `param`, such as `messages[2].content[0]`. */
export function unsupportedParameter(param: string, provider: string, reason = ''): GatewayError {
  const hint = reason === '' ? '' : `: ${reason}`;
  return new GatewayError('unsupported_parameter', `Provider '${provider}' cannot honour '${param}'${hint}`, { param });
}

/** What OpenAI assumes where these fields are left out. */
const DEFAULTS: Readonly<Record<string, unknown>> = {
  n: 1,
  frequency_penalty: 0,
  presence_penalty: 0,
  logprobs: false,
  top_logprobs: 0,
  temperature: 1,
  top_p: 1,
  modalities: ['text'],
  logit_bias: {},
  store: false,
  verbosity: 'medium',
};

function isDefault(field: string, value: unknown): boolean {
  return value === null || (field in DEFAULTS && JSON.stringify(DEFAULTS[field]) === JSON.stringify(value));
}

function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

/** `tools[*].function.strict` and `messages[0].name`, step by step. */
function toSteps(path: string): string[] {
  return path.replaceAll(/\[(\*|\d+)\]/g, '.$1').split('.');
}

/** A copy of `value` without what stands at the end of `steps`; everything beside the way there is shared. */
function without(value: unknown, [step = '', ...rest]: readonly string[]): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const isMeant = (index: number): boolean => step === '*' || step === String(index);
    if (rest.length === 0) return value.filter((_, index) => !isMeant(index));
    return value.map((item: unknown, index) => (isMeant(index) ? without(item, rest) : item));
  }
  if (!(step in value)) return value;
  const { [step]: found, ...others } = value as JsonObject;
  return rest.length === 0 ? others : { ...others, [step]: without(found, rest) };
}
