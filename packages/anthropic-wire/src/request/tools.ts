import { type JsonObject, type ModelRequest, type Refuse, unsupportedParameter } from '@sluice/core';
import type { ModelTraits } from '../model-traits.ts';
import { cacheControl } from './content.ts';
import { fitSchema } from './fit-schema.ts';

/** How many searches one answer may make, by how much context the caller wants. */
const SEARCHES: Readonly<Record<string, number>> = { low: 1, medium: 5, high: 10 };

/** The functions that the model may call, its own tools among them as they are, and web search. */
export function toTools({ tools, web_search_options: search }: ModelRequest, traits: ModelTraits, provider: string): readonly JsonObject[] {
  const given = Array.isArray(tools) ? (tools as readonly JsonObject[]) : [];
  return [...given.map((tool, index) => toTool(tool, traits, { path: `tools[${index}]`, provider })), ...(isObject(search) ? [toWebSearch(search)] : [])];
}

function toTool(tool: JsonObject, { hasStructuredOutput }: ModelTraits, { path, provider }: { readonly path: string; readonly provider: string }): JsonObject {
  const { function: described } = tool;
  if (!isObject(described)) {
    if (tool.type === 'custom' && isObject(tool.custom)) throw unsupportedParameter(path, provider, 'it has functions only, with arguments in JSON');
    return tool;
  }
  const { name, description, parameters, strict } = described;
  const schema = { type: 'object', properties: {}, ...(isObject(parameters) && parameters) };
  const fitting = strict === true && hasStructuredOutput ? fitSchema(schema) : undefined;
  return {
    name,
    ...(typeof description === 'string' && description !== '' && { description }),
    input_schema: fitting ?? schema,
    ...(fitting && { strict: true }),
    ...cacheControl(described),
    ...cacheControl(tool),
  };
}

/** https://docs.claude.com/en/docs/agents-and-tools/tool-use/web-search-tool */
function toWebSearch({ search_context_size: size, user_location: location }: JsonObject): JsonObject {
  const where = isObject(location) && isObject(location.approximate) ? location.approximate : location;
  return {
    type: 'web_search_20250305',
    name: 'web_search',
    ...(typeof size === 'string' && SEARCHES[size] !== undefined && { max_uses: SEARCHES[size] }),
    ...(isObject(where) && { user_location: { ...where, type: 'approximate' } }),
  };
}

/** Which tools the model must or must not call; nothing where it is left to the model. */
export function toToolChoice({ tool_choice: choice, parallel_tool_calls: isParallel }: ModelRequest, refuse: Refuse): JsonObject | undefined {
  const wire = toChoice(choice, refuse);
  if (isParallel !== false || wire?.type === 'none') return wire;
  return { ...(wire ?? { type: 'auto' }), disable_parallel_tool_use: true };
}

function toChoice(choice: unknown, refuse: Refuse): JsonObject | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (choice === 'required' || choice === 'any') return { type: 'any' };
  if (choice === 'auto' || choice === 'none') return { type: choice };
  if (isObject(choice) && isObject(choice.function)) return { type: 'tool', name: choice.function.name };
  if (isObject(choice) && OWN_CHOICES.has(choice.type)) return choice;
  refuse('tool_choice', "it knows 'auto', 'none', 'required' and a function by name");
  return undefined;
}

const OWN_CHOICES: ReadonlySet<unknown> = new Set(['auto', 'any', 'none', 'tool']);

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
