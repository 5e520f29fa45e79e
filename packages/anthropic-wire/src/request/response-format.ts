import type { JsonObject, ModelRequest, Refuse } from '@sluice/core';
import type { ModelTraits } from '../model-traits.ts';
import { fitSchema } from './fit-schema.ts';

/** How an answer in JSON is asked for: of the provider itself, or by a tool whose arguments are the answer. */
export type AnswerForm =
  | { readonly kind: 'text' }
  | { readonly kind: 'native'; readonly schema: JsonObject }
  | { readonly kind: 'tool'; readonly tool: JsonObject };

/** The tool that takes the answer where the provider has no other way to hold it to JSON. */
export const ANSWER_TOOL = 'json_answer';

const TEXT: AnswerForm = { kind: 'text' };

/** A caller who demands a tool call wants no content in this turn, and so none in JSON. */
export function toAnswerForm({ response_format: format, tool_choice: choice }: ModelRequest, traits: ModelTraits, refuse: Refuse): AnswerForm {
  if (!isObject(format) || format.type === 'text' || demandsTool(choice)) return TEXT;
  if (format.type === 'json_object') return { kind: 'tool', tool: answerTool({ type: 'object', additionalProperties: true }, undefined) };
  const described = format.json_schema;
  if (format.type !== 'json_schema' || !isObject(described) || !isObject(described.schema)) {
    refuse('response_format', 'it needs a schema');
    return TEXT;
  }
  const fitting = traits.hasStructuredOutput ? fitSchema(described.schema) : undefined;
  return fitting ? { kind: 'native', schema: fitting } : { kind: 'tool', tool: answerTool(described.schema, described.description) };
}

/**
 * Which tool must be called so that the answer comes as JSON: the one that takes it, or any where the caller has tools
 * too. A model that thinks cannot be forced.
 */
export function forceAnswer(choice: JsonObject | undefined, hasTools: boolean, isThinking: boolean): JsonObject {
  if (isThinking) return { type: 'auto', disable_parallel_tool_use: true };
  if (hasTools && choice?.type !== 'none') return { type: 'any', disable_parallel_tool_use: true };
  return { type: 'tool', name: ANSWER_TOOL, disable_parallel_tool_use: true };
}

function answerTool(schema: JsonObject, description: unknown): JsonObject {
  const about = typeof description === 'string' && description !== '' ? ` The answer is: ${description}` : '';
  return { name: ANSWER_TOOL, description: `Takes the final answer, whole, as one JSON object.${about}`, input_schema: { ...schema, type: 'object' } };
}

function demandsTool(choice: unknown): boolean {
  return choice === 'required' || (isObject(choice) && choice.type !== 'auto' && choice.type !== 'none');
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
