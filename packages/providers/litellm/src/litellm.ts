import { costOf, type GatewayModels, type ModelGroup, type Provider, type Secret, type Usage } from '@sluice/core';
import { endpoints, type Environment, type Host, toProvider, toSecret } from '@sluice/openai-wire';
import { askProxy, type ProxyAddress } from './ask-proxy.ts';
import { type ModelHealth, type ProxyHealth, readHealth, toModelHealth } from './health.ts';
import { type ProxyModel, toProxyModels } from './proxy-model.ts';
import { serve } from './serve.ts';

export type LiteLLMOptions = {
  /** What deployments call it. Default `litellm_proxy`. */
  readonly name?: string;
  /** With or without `/v1`. Default: `LITELLM_PROXY_API_BASE` or `LITELLM_BASE_URL` in the environment, then port 4000 of this machine. */
  readonly baseUrl?: string | undefined;
  /** A key of the proxy's. Default: `LITELLM_PROXY_API_KEY` or `LITELLM_API_KEY` in the environment. */
  readonly apiKey?: string | Secret | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  /** Models that the proxy does not tell of, or tells otherwise of: these go before what is discovered. */
  readonly models?: readonly ProxyModel[];
  /** Longest wait for what the proxy says of itself, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  readonly env?: Environment;
};

/** What a call of this size would cost. Without a price, so is the cost. */
export type ComparedCost = { readonly model: string; readonly costNanoUsd: number | undefined };

/** A provider that also knows what stands behind it. */
export type LiteLLM = Provider & {
  /** Asks the proxy for its models with their prices and limits, and keeps them. `priceOf` knows them from then on. */
  discover(): Promise<readonly ProxyModel[]>;
  /** The names that this key may call, as the proxy tells them now. */
  availableModels(): Promise<readonly string[]>;
  /** Adds a model, or says otherwise of one. */
  addModel(model: ProxyModel): void;
  /** Every known model: added ones first. */
  models(): readonly ProxyModel[];
  modelInfo(name: string): ProxyModel | undefined;
  /** The known models as groups for `createGateway`, named as the proxy names them. */
  modelGroups(): readonly ModelGroup[];
  /**
   * Makes the models of a gateway that runs what is known here now: adds new ones, changes others, removes those that are
   * gone. To be called after {@link discover} or {@link addModel}. Models of the gateway's own keep their names.
   * @throws ConfigurationError
   */
  serveIn(models: GatewayModels): void;
  /** What `usage` costs with a model, in nano-dollars; undefined where its price is not known. */
  costOf(model: string, usage: Usage): number | undefined;
  /** What `usage` would cost with each model that answers in this way, the cheapest first, the unpriced last. Default mode `chat`. */
  compareCosts(usage: Usage, mode?: string): readonly ComparedCost[];
  /** Whether the proxy is up and ready. Costs nothing. */
  health(): Promise<ProxyHealth>;
  /** Which models answer. The proxy calls every one of them for it, at your cost. */
  checkModels(): Promise<ModelHealth>;
};

const OPERATIONS = [
  'chat',
  'completions',
  'embeddings',
  'moderations',
  'images.generate',
  'images.edit',
  'audio.speech',
  'audio.transcribe',
  'responses',
  'rerank',
  'ocr',
] as const satisfies Host['operations'];

export const KEYS = ['LITELLM_PROXY_API_KEY', 'LITELLM_API_KEY'] as const;
export const BASE_URLS = ['LITELLM_PROXY_API_BASE', 'LITELLM_PROXY_BASE_URL', 'LITELLM_BASE_URL'] as const;

/**
 * A running LiteLLM proxy: everything it serves in OpenAI's form, and what it says of its models.
 * https://docs.litellm.ai/docs/proxy/model_management
 *
 * @example
 * const proxy = litellm({ baseUrl: 'http://127.0.0.1:4000' });
 * await proxy.discover();
 * const gateway = createGateway({ auth: false, providers: [proxy], models: proxy.modelGroups() });
 */
export function litellm(options: LiteLLMOptions = {}): LiteLLM {
  const { models: given = [], timeoutMs = 10_000 } = options;
  const host = toHost(options);
  const added = new Map(given.map((model) => [model.name, model]));
  let discovered = new Map<string, ProxyModel>();
  const known = (): ReadonlyMap<string, ProxyModel> => new Map([...added, ...[...discovered].filter(([name]) => !added.has(name))]);
  const ask = (path: string, ms = timeoutMs): ReturnType<typeof askProxy> => askProxy(addressOf(host), path, ms);
  const modelInfo = (name: string): ProxyModel | undefined => added.get(name) ?? discovered.get(name);

  return {
    ...toProvider(host),
    priceOf: (name) => modelInfo(name)?.price,
    async discover() {
      const models = toProxyModels(await ask('/model/info'));
      discovered = new Map(models.map((model) => [model.name, model]));
      return [...known().values()];
    },
    async availableModels() {
      const { data } = (await ask('/v1/models')) as { readonly data?: readonly { readonly id: string }[] };
      return (data ?? []).map(({ id }) => id);
    },
    addModel: (model) => void added.set(model.name, model),
    models: () => [...known().values()],
    modelInfo,
    modelGroups: () => [...known().values()].map((model) => toGroup(model, host.name)),
    serveIn: (models) =>
      serve(
        [...known().values()].map((model) => toGroup(model, host.name)),
        models,
        host.name,
      ),
    costOf: (model, usage) => costWith(modelInfo(model), usage),
    compareCosts: (usage, mode = 'chat') =>
      compared(
        [...known().values()].filter((model) => (model.mode ?? mode) === mode),
        usage,
      ),
    health: () => readHealth(() => ask('/health/readiness')),
    // Each model gets its time there.
    checkModels: async () => toModelHealth(await ask('/health', timeoutMs * 12)),
  };
}

function toHost({ name = 'litellm_proxy', baseUrl, apiKey, headers, env = process.env }: LiteLLMOptions): Host {
  return {
    name,
    baseUrl: baseUrl ?? 'http://127.0.0.1:4000',
    basePath: '/v1',
    needsKey: false,
    apiKey: toSecret(apiKey),
    headers,
    operations: OPERATIONS,
    quirks: [],
    fromEnvironment: { env, keys: KEYS, baseUrls: baseUrl === undefined ? BASE_URLS : [], parts: {} },
  };
}

/** The proxy speaks of itself beside the paths of OpenAI's. */
function addressOf(host: Host): ProxyAddress {
  const endpoint = endpoints(host)({ id: host.name, provider: host.name, model: '' });
  return { url: endpoint.url('models').replace(/(?:\/v1)?\/models$/, ''), headers: endpoint.headers, key: endpoint.key };
}

function toGroup({ name, price, limits: rates, maxInputTokens, maxOutputTokens }: ProxyModel, provider: string): ModelGroup {
  const limits = { ...(maxInputTokens !== undefined && { maxInputTokens }), ...(maxOutputTokens !== undefined && { maxOutputTokens }) };
  const { requestsPerMinute, tokensPerMinute } = rates ?? {};
  const shares = { ...(requestsPerMinute !== undefined && { requestsPerMinute }), ...(tokensPerMinute !== undefined && { tokensPerMinute }) };
  return { name, deployments: [{ id: `${provider}/${name}`, provider, model: name, ...(price && { price }), ...limits, ...shares }] };
}

function costWith(model: ProxyModel | undefined, usage: Usage): number | undefined {
  return model?.price && costOf(usage, model.price);
}

function compared(models: readonly ProxyModel[], usage: Usage): readonly ComparedCost[] {
  const costs = models.map((model): ComparedCost => ({ model: model.name, costNanoUsd: costWith(model, usage) }));
  const last = Number.POSITIVE_INFINITY;
  return costs.sort((a, b) => (a.costNanoUsd ?? last) - (b.costNanoUsd ?? last) || 0);
}
