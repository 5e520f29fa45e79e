import { didYouMean } from '@sluice/core';
import type { Findings } from './mistakes.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The file with what `litellm_credential_name` stands for in the place of the name; what an entry says itself goes first. */
export function withCredentials(data: unknown, findings: Findings): unknown {
  if (!isFields(data) || !Array.isArray(data.model_list)) return data;
  const known = new Map(listIn(data.credential_list).map(({ credential_name: name, credential_values: values }) => [String(name), values]));
  const models = data.model_list.map((entry: unknown, index) => {
    if (!isFields(entry) || !isFields(entry.litellm_params)) return entry;
    const { litellm_credential_name: name, ...params } = entry.litellm_params;
    if (typeof name !== 'string') return entry;
    const values = known.get(name);
    if (!isFields(values)) {
      const path = ['model_list', index, 'litellm_params', 'litellm_credential_name'];
      findings.mistake(path, `no credentials are named '${name}'; there is no such entry in credential_list`, didYouMean(name, [...known.keys()]));
      return { ...entry, litellm_params: params };
    }
    return { ...entry, litellm_params: { ...values, ...params } };
  });
  return { ...data, model_list: models };
}

function listIn(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
