import { type JsonObject, type Limits, type Price, toPrice } from '@sluice/core';

/** One model as a proxy offers it, or as it was added here. */
export type ProxyModel = {
  /** What callers of the proxy name it. */
  readonly name: string;
  /** `chat`, `embedding`, `image_generation`, `audio_speech`, `rerank` and so on. */
  readonly mode?: string;
  /** Whom the proxy asks. */
  readonly provider?: string;
  readonly price?: Price;
  /** What the proxy itself allows. */
  readonly limits?: Limits;
  readonly maxInputTokens?: number;
  readonly maxOutputTokens?: number;
  /** What else is known of it, such as what it supports. */
  readonly metadata?: JsonObject;
};

type Entry = { readonly model_name: string; readonly litellm_params?: JsonObject; readonly model_info?: JsonObject };

/** The models in what `/model/info` answers. Several deployments of one name are one model, as dear as the dearest. */
export function toProxyModels({ data }: { readonly data?: readonly Entry[] }): readonly ProxyModel[] {
  const byName = new Map<string, ProxyModel>();
  for (const entry of data ?? []) {
    const model = toModel(entry);
    const before = byName.get(model.name);
    byName.set(model.name, before ? merged(before, model) : model);
  }
  return [...byName.values()];
}

function toModel({ model_name: name, litellm_params: params = {}, model_info: info = {} }: Entry): ProxyModel {
  const price = toPrice(info.mode === 'image_generation' ? withImagePrice(info) : info);
  const limits = toLimits(params.rpm ?? info.rpm, params.tpm ?? info.tpm);
  return {
    name,
    ...field('mode', info.mode, isText),
    ...field('provider', info.litellm_provider, isText),
    ...(price && { price }),
    ...(limits && { limits }),
    ...field('maxInputTokens', info.max_input_tokens, isCount),
    ...field('maxOutputTokens', info.max_output_tokens, isCount),
    metadata: Object.fromEntries(Object.entries(info).filter(([key, value]) => key.startsWith('supports_') && value === true)),
  };
}

/** Pictures that are made are priced by the field that elsewhere is for pictures that are read. */
function withImagePrice(info: JsonObject): JsonObject {
  return { ...info, output_cost_per_image: info.output_cost_per_image ?? info.input_cost_per_image };
}

function toLimits(rpm: unknown, tpm: unknown): Limits | undefined {
  if (!isCount(rpm) && !isCount(tpm)) return undefined;
  return { ...(isCount(rpm) && { requestsPerMinute: rpm }), ...(isCount(tpm) && { tokensPerMinute: tpm }) };
}

/** Nobody knows which deployment the proxy will pick: the books count with the dearest, and what fits has to fit all. */
function merged(a: ProxyModel, b: ProxyModel): ProxyModel {
  const { price, limits, maxInputTokens, maxOutputTokens, ...rest } = a;
  const dearest = price && b.price && dearer(price, b.price);
  const summed =
    limits && b.limits && toLimits(sum(limits.requestsPerMinute, b.limits.requestsPerMinute), sum(limits.tokensPerMinute, b.limits.tokensPerMinute));
  const least = (x?: number, y?: number): number | undefined => (x === undefined || y === undefined ? (x ?? y) : Math.min(x, y));
  return {
    ...rest,
    ...(dearest && { price: dearest }),
    ...(summed && { limits: summed }),
    ...field('maxInputTokens', least(maxInputTokens, b.maxInputTokens), isCount),
    ...field('maxOutputTokens', least(maxOutputTokens, b.maxOutputTokens), isCount),
  };
}

/** Tiers of one have no match in the other: the dearer by its basic rates brings its own. */
function dearer(a: Price, b: Price): Price {
  return a.input + a.output >= b.input + b.output ? a : b;
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

function field<K extends string, T>(name: K, value: unknown, is: (value: unknown) => value is T): { readonly [key in K]?: T } {
  return is(value) ? ({ [name]: value } as { readonly [key in K]: T }) : {};
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Zero stands for what has no such limit, as with models that make pictures. */
function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
