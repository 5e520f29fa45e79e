import type { ChatRequest, JsonObject, Refuse } from '@sluice/core';
import { cleanSchema } from './clean-schema.ts';

type FunctionTool = { readonly name: string; readonly description?: string; readonly parameters?: JsonObject | null };
type Tool = JsonObject & { readonly type?: string; readonly function?: FunctionTool };

/** Tools that run at Google, by what callers may call them. */
const BUILT_IN: Readonly<Record<string, string>> = {
  googleSearch: 'googleSearch',
  google_search: 'googleSearch',
  googleSearchRetrieval: 'googleSearchRetrieval',
  codeExecution: 'codeExecution',
  code_execution: 'codeExecution',
  urlContext: 'urlContext',
  url_context: 'urlContext',
  googleMaps: 'googleMaps',
  google_maps: 'googleMaps',
};

/** All functions as one tool, then those that run at Google. */
export function toTools({ tools, web_search_options: search }: ChatRequest, refuse: Refuse): readonly JsonObject[] {
  const functions: JsonObject[] = [];
  const builtIn: JsonObject[] = [];
  for (const [index, tool] of ((tools ?? []) as readonly Tool[]).entries()) {
    if (tool.function) functions.push(toDeclaration(tool.function, `tools[${index}].function.parameters`));
    else builtIn.push(...toBuiltIn(tool, `tools[${index}]`, refuse));
  }
  if (search !== undefined && search !== null) builtIn.push(toSearch(search as JsonObject, refuse));
  return [...(functions.length > 0 ? [{ functionDeclarations: functions }] : []), ...builtIn];
}

/** A function without parameters has none at all: an object without properties is refused. */
function toDeclaration({ name, description, parameters }: FunctionTool, param: string): JsonObject {
  const hasParameters = parameters !== undefined && parameters !== null && Object.keys((parameters.properties ?? parameters) as JsonObject).length > 0;
  const cleaned = hasParameters ? cleanSchema(parameters, param) : undefined;
  return { name, ...(description !== undefined && { description }), ...(cleaned?.properties !== undefined && { parameters: cleaned }) };
}

function toBuiltIn(tool: Tool, param: string, refuse: Refuse): readonly JsonObject[] {
  const [name] = Object.keys(tool).filter((field) => Object.hasOwn(BUILT_IN, field));
  const own = name === undefined ? undefined : BUILT_IN[name];
  if (name !== undefined && own !== undefined) return [{ [own]: tool[name] ?? {} }];
  refuse(tool.type === undefined ? param : `${param}.type`, `a tool is a function or one of ${[...new Set(Object.values(BUILT_IN))].join(', ')}`);
  return [];
}

function toSearch(options: JsonObject, refuse: Refuse): JsonObject {
  for (const [name, value] of Object.entries(options)) if (value !== undefined && value !== null) refuse(`web_search_options.${name}`);
  return { googleSearch: {} };
}

type Choice = {
  readonly type?: string;
  readonly function?: { readonly name?: string };
  readonly allowed_tools?: { readonly mode?: string; readonly tools?: readonly { readonly function?: { readonly name?: string } }[] };
};

/** What callers say in Google's words (`tool_config`), and in OpenAI's. https://ai.google.dev/api/caching#FunctionCallingConfig */
export function toToolConfig(request: ChatRequest, refuse: Refuse): JsonObject | undefined {
  const chosen = toChoice(request, refuse);
  const { functionCallingConfig, ...own } = (request.tool_config ?? {}) as { readonly functionCallingConfig?: JsonObject };
  const calling = { ...functionCallingConfig, ...chosen };
  const config = { ...own, ...(Object.keys(calling).length > 0 && { functionCallingConfig: calling }) };
  return Object.keys(config).length > 0 ? config : undefined;
}

function toChoice({ tool_choice: choice, parallel_tool_calls: parallel, tools }: ChatRequest, refuse: Refuse): JsonObject | undefined {
  if (parallel === false && Array.isArray(tools) && tools.length > 0) refuse('parallel_tool_calls', 'the model may always call several tools at once');
  if (choice === undefined || choice === null) return undefined;
  const config = typeof choice === 'string' ? fromWord(choice) : fromObject(choice);
  if (config) return config;
  refuse('tool_choice');
  return undefined;
}

function fromWord(choice: string): JsonObject | undefined {
  switch (choice) {
    case 'auto':
      return { mode: 'AUTO' };
    case 'none':
      return { mode: 'NONE' };
    case 'required':
    case 'any':
      return { mode: 'ANY' };
    default:
      return undefined;
  }
}

/** Only in the validated mode may the model choose between a text and some of the functions. */
function fromObject({ type, function: named, allowed_tools: allowed }: Choice): JsonObject | undefined {
  if (type === 'function' && named?.name !== undefined) return { mode: 'ANY', allowedFunctionNames: [named.name] };
  if (type !== 'allowed_tools' || !allowed?.tools) return undefined;
  const names = allowed.tools.flatMap((tool) => tool.function?.name ?? []);
  return { mode: allowed.mode === 'required' ? 'ANY' : 'VALIDATED', allowedFunctionNames: names };
}
