import { type JsonObject, type ModelRequest, type ProviderCall, unsupportedParameter } from '@sluice/core';

/** The tool that takes the answer, as Converse has no other way to hold every model to JSON. */
export const ANSWER_TOOL = 'json_answer';

/** A tool whose arguments are the answer, where JSON is asked for. A caller who demands a tool call wants no content in this turn, and so none in JSON. */
export function toAnswerTool({ response_format: format, tool_choice: choice }: ModelRequest, provider: string): JsonObject | undefined {
  if (!isObject(format) || format.type === 'text' || demandsTool(choice)) return undefined;
  if (format.type === 'json_object') return answerTool({ additionalProperties: true }, undefined);
  const described = format.json_schema;
  if (format.type !== 'json_schema' || !isObject(described) || !isObject(described.schema))
    throw unsupportedParameter('response_format', provider, 'it needs a schema');
  return answerTool(described.schema, described.description);
}

/** Whether the answer to `call` was asked for by way of the tool. */
export function isAnsweredByTool({ request, deployment }: ProviderCall): boolean {
  return toAnswerTool(request, deployment.provider) !== undefined;
}

function answerTool(schema: JsonObject, description: unknown): JsonObject {
  const about = typeof description === 'string' && description !== '' ? ` The answer is: ${description}` : '';
  return {
    toolSpec: {
      name: ANSWER_TOOL,
      description: `Takes the final answer, whole, as one JSON object.${about}`,
      inputSchema: { json: { ...schema, type: 'object' } },
    },
  };
}

function demandsTool(choice: unknown): boolean {
  return choice === 'required' || (isObject(choice) && isObject(choice.function));
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
