import type { JsonObject } from '../../types/json.ts';
import type { Guardrail } from '../../types/guardrail.ts';
import type { Bench } from './judge.ts';
import { screenValue } from './screen-value.ts';

/** What the Responses API repeats of the request: those are the caller's words, judged on their way in. */
const ECHOED: ReadonlySet<string> = new Set([
  'instructions',
  'tools',
  'tool_choice',
  'metadata',
  'user',
  'safety_identifier',
  'prompt',
  'prompt_cache_key',
  'text',
  'input',
]);

/** An answer, or an event that holds one, as the guardrails leave it. */
export async function screenAnswer(answer: JsonObject, guardrails: readonly Guardrail[], bench: Bench): Promise<JsonObject> {
  if (isResponse(answer)) return screenResponse(answer, guardrails, bench);
  if (!isResponse(answer.response)) return screenValue(answer, guardrails, bench);
  const response = answer.response as JsonObject;
  const screened = await screenResponse(response, guardrails, bench);
  return screened === response ? answer : { ...answer, response: screened };
}

async function screenResponse(response: JsonObject, guardrails: readonly Guardrail[], bench: Bench): Promise<JsonObject> {
  const own: JsonObject = Object.fromEntries(Object.entries(response).filter(([field]) => !ECHOED.has(field)));
  const screened = await screenValue(own, guardrails, bench);
  return screened === own ? response : { ...response, ...screened };
}

function isResponse(value: unknown): boolean {
  return (value as { readonly object?: unknown } | null | undefined)?.object === 'response';
}
