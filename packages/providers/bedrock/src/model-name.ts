import type { Deployment } from '@sluice/core';
import { isRegion, regionInArn } from '@sluice/aws-wire';

export type Family = 'claude' | 'nova' | 'llama' | 'mistral' | 'cohere' | 'titan' | 'openai' | 'other';

export type ModelName = {
  /** What stands in the address: an id, an inference profile, or an ARN. */
  readonly id: string;
  readonly family: Family;
  readonly region: string | undefined;
  /** By which of the two APIs a chat goes. */
  readonly api: 'converse' | 'invoke';
};

const FAMILIES: readonly (readonly [Family, RegExp])[] = [
  ['claude', /claude|anthropic/],
  ['nova', /nova/],
  ['llama', /llama/],
  ['mistral', /mistral|mixtral|pixtral|magistral|ministral|voxtral|devstral/],
  ['cohere', /cohere/],
  ['titan', /titan/],
  ['openai', /gpt-oss|openai/],
];

/** Families that may stand before an ARN, which does not tell what model is behind it. */
const HINTS: ReadonlySet<string> = new Set(['claude', 'anthropic', 'nova', 'llama', 'mistral', 'cohere', 'titan', 'openai', 'deepseek_r1', 'qwen2', 'qwen3']);

/**
 * Reads `us.anthropic.claude-sonnet-4-5-20250929-v1:0` and what may stand before it: `converse/` or `invoke/`, a region,
 * and before an ARN the family of its model, which `baseModel` may tell too. `options.model_id` goes into the address in
 * place of the name.
 */
export function readModelName({ model, baseModel = '', options = {} }: Deployment): ModelName {
  const { model_id: modelId } = options;
  let rest = model;
  let region: string | undefined;
  let api: ModelName['api'] = 'converse';
  for (let slash = rest.indexOf('/'); slash > 0 && !rest.startsWith('arn:'); slash = rest.indexOf('/')) {
    const first = rest.slice(0, slash);
    if (first === 'converse' || first === 'invoke') api = first;
    else if (isRegion(first)) region = first;
    else if (!HINTS.has(first)) break;
    rest = rest.slice(slash + 1);
  }
  const id = typeof modelId === 'string' ? modelId : rest;
  const told = `${baseModel} ${model}`.toLowerCase();
  return { id, family: FAMILIES.find(([, pattern]) => pattern.test(told))?.[0] ?? 'other', region: region ?? regionInArn(id), api };
}
