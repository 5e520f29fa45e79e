import { type Deployment, type JsonObject, refuser, unsupportedParameter } from '@sluice/core';
import { omit } from '@sluice/openai-wire';
import { withoutNulls } from '../without-nulls.ts';

/** The functions that the model may call, and which of them it must. */
export function toToolFields(request: JsonObject, deployment: Deployment): JsonObject {
  const { tools } = request;
  const chosen = withChoice(request, deployment);
  if (!Array.isArray(tools)) return chosen;
  const mapped = (tools as readonly JsonObject[]).map((tool, index) => toTool(tool, `tools[${index}]`, deployment.provider));
  return mapped.every((tool, index) => tool === tools[index]) ? chosen : { ...chosen, tools: mapped };
}

function withChoice(request: JsonObject, deployment: Deployment): JsonObject {
  const { tool_choice: choice } = request;
  if (!isObject(choice) || isObject(choice.function)) return request;
  refuser(deployment)('tool_choice', "it knows 'auto', 'none', 'any', 'required' and a function by name");
  return omit(request, 'tool_choice');
}

function toTool(tool: JsonObject, path: string, provider: string): JsonObject {
  if (tool.type === 'custom') throw unsupportedParameter(path, provider, 'it has functions only, with arguments in JSON');
  const plain = omit(tool, 'cache_control');
  if (!isObject(plain.function)) return plain;
  const described = toFunction(plain.function);
  return described === plain.function ? plain : { ...plain, function: described };
}

/** A function without parameters has to say so. */
function toFunction(described: JsonObject): JsonObject {
  const plain = omit(withoutNulls(described), 'cache_control');
  return isObject(plain.parameters) ? plain : { ...plain, parameters: { type: 'object', properties: {} } };
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
