import type { ChatRequest, JsonObject, Refuse } from '@sluice/core';

type FunctionTool = JsonObject & { readonly name?: string; readonly strict?: boolean | null };
type Tool = { readonly type?: string; readonly function?: FunctionTool };
type Choice = {
  readonly function?: { readonly name?: string };
  readonly allowed_tools?: { readonly mode?: string; readonly tools?: readonly Tool[] };
};

/** Tools and which of them may or must be called. Strictness is for all of them or none. https://docs.cohere.com/v2/docs/tool-use-overview */
export function toToolFields({ tools, tool_choice: choice, parallel_tool_calls: parallel }: ChatRequest, refuse: Refuse): JsonObject {
  const given = ((tools ?? []) as readonly Tool[]).filter((tool, index) => isFunction(tool, `tools[${index}]`, refuse));
  if (parallel === false && given.length > 0) refuse('parallel_tool_calls', 'the model may always call several tools at once');
  if (given.length === 0) return {};
  const { names, word } = toChoice(choice, refuse);
  const meant = names ? given.filter((tool) => names.includes(tool.function?.name ?? '')) : given;
  const isStrict = meant.length > 0 && meant.every((tool) => tool.function?.strict === true);
  return { tools: meant.map(toTool), ...(word !== undefined && { tool_choice: word }), ...(isStrict && { strict_tools: true }) };
}

function isFunction(tool: Tool, param: string, refuse: Refuse): boolean {
  if (tool.function) return true;
  refuse(tool.type === undefined ? param : `${param}.type`, 'its tools are functions');
  return false;
}

function toTool({ function: given }: Tool): JsonObject {
  const { strict: _, ...rest } = given ?? {};
  return { type: 'function', function: rest };
}

/** Cohere cannot be told which tool to call; it is shown no other one. */
function toChoice(choice: unknown, refuse: Refuse): { readonly names?: readonly string[]; readonly word?: 'REQUIRED' | 'NONE' } {
  switch (choice) {
    case undefined:
    case null:
    case 'auto':
      return {};
    case 'required':
    case 'any':
      return { word: 'REQUIRED' };
    case 'none':
      return { word: 'NONE' };
    default:
      return fromObject(choice as Choice, refuse);
  }
}

function fromObject({ function: named, allowed_tools: allowed }: Choice, refuse: Refuse): { readonly names?: readonly string[]; readonly word?: 'REQUIRED' } {
  if (named?.name !== undefined) return { names: [named.name], word: 'REQUIRED' };
  if (allowed?.tools) {
    const names = allowed.tools.flatMap((tool) => tool.function?.name ?? []);
    return { names, ...(allowed.mode === 'required' && { word: 'REQUIRED' }) };
  }
  refuse('tool_choice');
  return {};
}
