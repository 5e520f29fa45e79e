import { type CachePoint, type Capabilities, type Deployment, type JsonObject, type ModelGroup, type Provider, secret, toNanoUsd, toPrice } from '@sluice/core';
import type { Findings } from './mistakes.ts';
import type { ProviderFinder } from './provider-finder.ts';
import type { RouterSettings } from './schema/settings.ts';
import { isAutoRouter } from './to-auto-routers.ts';
import { type ModelEntry, OPTION_NAMES, REQUEST_FIELD_NAMES, SECRET_OPTIONS } from './schema/model-list.ts';
import { toParameterRules } from './schema/parameter-rules.ts';
import { toMs } from './to-ms.ts';
import type { Path } from './yaml-source.ts';

export type Models = {
  readonly groups: ModelGroup[];
  readonly providers: Provider[];
  /** Where each deployment stands in `model_list`, by its id. */
  readonly places: ReadonlyMap<string, number>;
};

type Params = ModelEntry['litellm_params'];

export type ModelParts = {
  readonly finder: ProviderFinder;
  /** What is said for entries that do not say it. */
  readonly defaults: Pick<RouterSettings, 'default_litellm_params' | 'default_max_parallel_requests' | 'stream_timeout' | 'disable_cooldowns'>;
};

/** The entries of `model_list`, those of one name as one group. */
export function toModels(written: readonly ModelEntry[], { finder, defaults }: ModelParts, findings: Findings): Models {
  const entries = written.map((entry) => withDefaults(entry, defaults));
  const groups = new Map<string, Deployment[]>();
  const providers = new Map<string, Provider>();
  const places = new Map<string, number>();

  for (const [index, entry] of entries.entries()) {
    if (isAutoRouter(entry)) continue;
    const path = ['model_list', index];
    const members = groups.get(entry.model_name) ?? [];
    groups.set(entry.model_name, members);
    const target = targetOf(entry.litellm_params, finder, findings, [...path, 'litellm_params', 'model']);
    const found = target && findFor(entry.litellm_params, target.provider, finder, [...path, 'litellm_params']);
    if (!target || !found) continue;
    const id = idOf(entry, members.length, entries);
    if (places.has(id)) findings.mistake([...path, 'model_info', 'id'], `another deployment is called '${id}' already`);
    places.set(id, index);
    const deployment = toDeployment(
      entry,
      { id, provider: nameOf(entry.litellm_params, target.provider, found.provider), model: target.model },
      found.discovered?.deployment ?? {},
    );
    // What the provider misses may be what was just found wrong.
    const problems = findings.isWrongBelow([...path, 'litellm_params']) ? [] : (found.provider.problemsOf?.(deployment) ?? []);
    for (const problem of problems) findings.mistake([...path, 'litellm_params'], problem);
    members.push(deployment);
    providers.set(found.provider.name, found.provider);
  }
  return {
    groups: [...groups].map(([name, deployments]) => ({ name, deployments, ...mirrorOf(name, entries, findings) })),
    providers: [...providers.values()],
    places,
  };
}

function withDefaults(entry: ModelEntry, defaults: ModelParts['defaults']): ModelEntry {
  const { default_litellm_params: params, default_max_parallel_requests: places, stream_timeout: firstToken, disable_cooldowns: isOff } = defaults;
  const all = {
    ...(places !== undefined && { max_parallel_requests: places }),
    ...(firstToken !== undefined && { stream_timeout: firstToken }),
    ...params,
    ...entry.litellm_params,
    ...(isOff && { cooldown_time: 0 }),
  };
  return { ...entry, litellm_params: all };
}

const STAND_IN = 'demo';

/** Who answers: for a mock the demo provider, and the real one need not even be installed. */
function findFor({ mock_response: mock }: Params, provider: string, finder: ProviderFinder, path: Path): ReturnType<ProviderFinder['find']> {
  if (mock === undefined) return finder.find(provider, [...path, 'model']);
  const found = finder.find(STAND_IN, [...path, 'mock_response']);
  return found && { provider: found.provider, discovered: undefined };
}

/** A provider may be known under another name than the one written. */
function nameOf({ mock_response: mock }: Params, written: string, found: Provider): string {
  return mock === undefined ? found.name : written;
}

function targetOf(
  { model, custom_llm_provider }: Params,
  finder: ProviderFinder,
  findings: Findings,
  path: Path,
): { provider: string; model: string } | undefined {
  if (custom_llm_provider !== undefined)
    return { provider: custom_llm_provider, model: model.startsWith(`${custom_llm_provider}/`) ? model.slice(custom_llm_provider.length + 1) : model };
  const slash = model.indexOf('/');
  if (slash > 0) return { provider: model.slice(0, slash), model: model.slice(slash + 1) };
  const provider = finder.nameFor(model);
  if (provider !== undefined) return { provider, model };
  findings.mistake(path, `'${model}' does not say which provider has it`, `Write it as provider/${model}, such as openai/${model}.`);
  return undefined;
}

function idOf({ model_name, model_info }: ModelEntry, before: number, entries: readonly ModelEntry[]): string {
  if (model_info?.id !== undefined) return model_info.id;
  const isAlone = entries.filter((entry) => entry.model_name === model_name).length === 1;
  return isAlone ? model_name : `${model_name}#${before + 1}`;
}

function toDeployment(
  { litellm_params: params, model_info: info }: ModelEntry,
  identity: Pick<Deployment, 'id' | 'provider' | 'model'>,
  found: Partial<Deployment>,
): Deployment {
  const baseUrl = params.api_base ?? params.base_url;
  const credential = credentialOf(params);
  const options = optionsOf(params);
  const headers = headersOf(params);
  const defaults = defaultsOf(params);
  const parameterRules = toParameterRules(params);
  const price = toPrice({ ...info, ...params });
  const maxOutputTokens = info?.max_output_tokens ?? info?.max_tokens;
  const retries = params.num_retries ?? params.max_retries;
  const capabilities = capabilitiesOf(info);
  return {
    ...found,
    ...identity,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(credential === undefined ? {} : { apiKey: secret(credential) }),
    ...(headers && { headers }),
    ...(defaults && { defaults }),
    ...(options && { options: { ...found.options, ...options } }),
    ...(params.mock_response === undefined ? {} : { standIn: STAND_IN }),
    ...(parameterRules && { parameterRules }),
    ...(params.cache_control_injection_points && { cachePoints: params.cache_control_injection_points.map(toCachePoint) }),
    ...(info?.base_model === undefined ? {} : { baseModel: info.base_model }),
    ...(price && { price }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(info?.max_input_tokens === undefined ? {} : { maxInputTokens: info.max_input_tokens }),
    ...(capabilities && { capabilities }),
    ...healthCheckOf(info),
    ...(params.weight === undefined ? {} : { weight: params.weight }),
    ...(params.rpm === undefined ? {} : { requestsPerMinute: params.rpm }),
    ...(params.tpm === undefined ? {} : { tokensPerMinute: params.tpm }),
    ...(retries === undefined ? {} : { retries }),
    ...(params.timeout === undefined ? {} : { timeoutMs: toMs(params.timeout) }),
    ...(params.idle_timeout === undefined ? {} : { idleTimeoutMs: toMs(params.idle_timeout) }),
    ...(params.stream_timeout === undefined ? {} : { firstTokenTimeoutMs: toMs(params.stream_timeout) }),
    ...(params.max_budget === undefined ? {} : { budgetNanoUsd: toNanoUsd(params.max_budget) }),
    ...(params.budget_duration === undefined ? {} : { budgetWindow: { length: params.budget_duration } }),
    ...(params.order === undefined ? {} : { order: params.order }),
    ...(params.tags === undefined ? {} : { tags: params.tags }),
    ...(params.region_name === undefined ? {} : { region: params.region_name }),
    ...(params.max_parallel_requests === undefined ? {} : { parallelCalls: params.max_parallel_requests }),
    ...(params.cooldown_time === undefined ? {} : { cooldownMs: toMs(params.cooldown_time) }),
  };
}

function healthCheckOf(info: ModelEntry['model_info'] = {}): Pick<Deployment, 'healthCheck'> {
  const { disable_background_health_check: isOff, health_check_model: model, health_check_timeout: timeout, health_check_max_tokens: maxTokens } = info;
  if (isOff) return { healthCheck: false };
  const own = {
    ...(model !== undefined && { model }),
    ...(timeout !== undefined && { timeoutMs: toMs(timeout) }),
    ...(maxTokens !== undefined && { maxTokens }),
  };
  return Object.keys(own).length === 0 ? {} : { healthCheck: own };
}

function capabilitiesOf(info: ModelEntry['model_info'] = {}): Capabilities | undefined {
  const { supports_vision: vision, supports_function_calling: tools, supports_response_schema: jsonSchema, supports_audio_input: audio } = info;
  const { supports_assistant_prefill: prefix } = info;
  const said = Object.entries({ vision, tools, jsonSchema, audio, prefix }).filter(([, value]) => value !== undefined);
  return said.length === 0 ? undefined : (Object.fromEntries(said) as Capabilities);
}

function toCachePoint({ location, role, index, control }: NonNullable<Params['cache_control_injection_points']>[number]): CachePoint {
  const marks = control && { control };
  if (location === 'tool_config') return { location: 'tools', ...marks };
  return { location, ...(role !== undefined && { role }), ...(index !== undefined && { index }), ...marks };
}

function credentialOf({ api_key: key, vertex_credentials: credentials }: Params): string | undefined {
  return key ?? (typeof credentials === 'object' ? JSON.stringify(credentials) : credentials);
}

function optionsOf(params: Params): JsonObject | undefined {
  const named = Object.fromEntries(OPTION_NAMES.flatMap((name) => (params[name] === undefined ? [] : [[name, hidden(name, params[name])]])));
  return params.options || Object.keys(named).length > 0 ? { ...named, ...params.options } : undefined;
}

function hidden(name: string, value: unknown): unknown {
  return SECRET_OPTIONS.has(name) && typeof value === 'string' ? secret(value) : value;
}

function headersOf({ organization, headers, extra_headers }: Params): Record<string, string> | undefined {
  const all = { ...(organization === undefined ? {} : { 'openai-organization': organization }), ...headers, ...extra_headers };
  return Object.keys(all).length === 0 ? undefined : all;
}

function defaultsOf(params: Params): JsonObject | undefined {
  const fields = REQUEST_FIELD_NAMES.filter((name) => params[name] !== undefined).map((name) => [name, params[name]] as const);
  const all = { ...params.extra_body, ...Object.fromEntries(fields) };
  return Object.keys(all).length === 0 ? undefined : all;
}

/** LiteLLM lets each deployment name one; here all calls of a model go to the same. */
function mirrorOf(group: string, entries: readonly ModelEntry[], findings: Findings): Pick<ModelGroup, 'mirror'> {
  let to: string | undefined;
  for (const [index, { model_name: name, litellm_params: params }] of entries.entries()) {
    if (name !== group || params.silent_model === undefined) continue;
    if (to !== undefined && to !== params.silent_model)
      findings.mistake(['model_list', index, 'litellm_params', 'silent_model'], `'${group}' has the silent model '${to}' already`);
    to ??= params.silent_model;
  }
  return to === undefined ? {} : { mirror: { to } };
}
