import type { ChatRequest, JsonObject, Refuse } from '@sluice/core';
import type { ModelTraits } from '../model-traits.ts';
import { cachePoint } from './content.ts';
import { ANSWER_TOOL } from './response-format.ts';

type ToolParts = {
  readonly traits: ModelTraits;
  readonly answerTool: JsonObject | undefined;
  /** Whether the conversation holds calls, for which tools have to be described. */
  readonly hasCalls: boolean;
  readonly isThinking: boolean;
  readonly refuse: Refuse;
};

type ToolFields = { readonly toolConfig?: JsonObject; readonly additional?: JsonObject };

/** A choice in Converse's words. */
type Choice = { readonly auto?: object; readonly any?: object; readonly tool?: { readonly name: unknown } };

/** The tools that the model may or must call, and in the fields of its maker what Converse has no word for. */
export function toToolFields(request: ChatRequest, parts: ToolParts): ToolFields {
  const { answerTool, hasCalls, refuse } = parts;
  const choice = toChoice(request.tool_choice, refuse);
  const given = [
    ...((request.tools ?? []) as readonly JsonObject[]).flatMap((tool, index) => toTool(tool, `tools[${index}]`, refuse)),
    ...webSearch(request, parts),
  ];
  // There is no word for it: without tools none can be called, but a conversation that holds calls must not be without.
  if (choice === 'none' && hasCalls && given.length > 0) refuse('tool_choice', 'it cannot keep a model from calling tools that were called before');
  const tools = choice === 'none' && !hasCalls ? [] : given;
  if (answerTool) return { toolConfig: { tools: [...tools, answerTool], ...withChoice(forceAnswer(tools.length > 0, parts)) } };
  if (tools.length === 0) return {};
  const wire = choice === 'none' ? undefined : choice;
  return { toolConfig: { tools, ...withChoice(wire) }, ...oneAtATime(request, wire, parts) };
}

function withChoice(choice: Choice | undefined): JsonObject {
  return choice ? { toolChoice: choice } : {};
}

function toTool(tool: JsonObject, path: string, refuse: Refuse): readonly JsonObject[] {
  const { function: described } = tool;
  if (tool.toolSpec !== undefined || tool.systemTool !== undefined || tool.cachePoint !== undefined) return [tool];
  if (!isObject(described)) {
    refuse(path, 'it has functions, and tools of its own in the form of Converse');
    return [];
  }
  const { name, description, parameters } = described;
  const json = { type: 'object', properties: {}, ...(isObject(parameters) && parameters) };
  return [
    { toolSpec: { name, ...(typeof description === 'string' && description !== '' && { description }), inputSchema: { json } } },
    ...cachePoint({ ...described, ...tool }),
  ];
}

/** https://docs.aws.amazon.com/nova/latest/nova2-userguide/web-grounding.html */
function webSearch({ web_search_options: search }: ChatRequest, { traits, refuse }: ToolParts): readonly JsonObject[] {
  if (!isObject(search)) return [];
  if (traits.family === 'nova') return [{ systemTool: { name: 'nova_grounding' } }];
  refuse('web_search_options', 'only Nova searches');
  return [];
}

function toChoice(choice: unknown, refuse: Refuse): Choice | 'none' | undefined {
  if (choice === undefined || choice === null) return undefined;
  if (choice === 'required' || choice === 'any') return { any: {} };
  if (choice === 'auto') return { auto: {} };
  if (choice === 'none') return 'none';
  if (isObject(choice) && isObject(choice.function)) return { tool: { name: choice.function.name } };
  refuse('tool_choice', "it knows 'auto', 'none', 'required' and a function by name");
  return undefined;
}

/** How to make sure that the answer comes by the tool that takes it. A model that thinks cannot be forced, and some never can. */
function forceAnswer(hasTools: boolean, { traits: { forces }, isThinking }: ToolParts): Choice | undefined {
  if (forces === 'none') return undefined;
  if (isThinking) return { auto: {} };
  return hasTools || forces === 'any' ? { any: {} } : { tool: { name: ANSWER_TOOL } };
}

/** One call at a time: only Claude can be told, in Anthropic's words. */
function oneAtATime({ parallel_tool_calls: isParallel }: ChatRequest, choice: Choice | undefined, { traits, refuse }: ToolParts): ToolFields {
  if (isParallel !== false) return {};
  if (traits.family === 'claude') return { additional: { tool_choice: { ...toAnthropic(choice), disable_parallel_tool_use: true } } };
  refuse('parallel_tool_calls', 'only Claude can be kept to one call');
  return {};
}

function toAnthropic(choice: Choice | undefined): JsonObject {
  if (choice?.tool) return { type: 'tool', name: choice.tool.name };
  return { type: choice?.any ? 'any' : 'auto' };
}

function isObject(value: unknown): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
