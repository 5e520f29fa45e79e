import { type Deployment, type JsonObject, refuser } from '@sluice/core';
import { omit } from '@sluice/openai-wire';

/** In which form to answer, and how much to think before. */
export function toAnswerFields(request: JsonObject, deployment: Deployment): JsonObject {
  const { response_format: given, reasoning_effort: effort, thinking } = request;
  const format = toFormat(given, deployment);
  const think = toThink(effort, thinking, deployment.model);
  return {
    ...(format !== undefined && { format }),
    ...(think !== undefined && { think }),
    ...omit(request, 'response_format', 'reasoning_effort', 'thinking'),
  };
}

/** https://docs.ollama.com/capabilities/structured-outputs */
function toFormat(given: unknown, deployment: Deployment): unknown {
  if (!isObject(given) || given.type === 'text') return undefined;
  if (given.type === 'json_object') return 'json';
  const { json_schema: described } = given;
  if (given.type === 'json_schema' && isObject(described) && isObject(described.schema)) return described.schema;
  refuser(deployment)('response_format', 'it needs a schema');
  return undefined;
}

const STEPS: Readonly<Record<string, string>> = { minimal: 'low', low: 'low', medium: 'medium', high: 'high', xhigh: 'high' };

/** All models know yes and no, only some know steps. https://docs.ollama.com/capabilities/thinking */
function toThink(effort: unknown, thinking: unknown, model: string): boolean | string | undefined {
  if (typeof effort !== 'string') return isObject(thinking) ? thinking.type !== 'disabled' : undefined;
  const step = STEPS[effort];
  return model.includes('gpt-oss') && step !== undefined ? step : effort !== 'none';
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
