import { type ChatRequest, type JsonObject, type ModelRequest, type ProviderCall, unsupportedParameter } from '@sluice/core';
import { readFields } from '../fields.ts';
import type { CallOptions, LanguageModel, Tool, ToolChoice } from '../specification.ts';
import { invalid, optionsOf } from './parts.ts';
import { toPrompt } from './prompt.ts';

const MAPPED: readonly string[] = [
  'messages',
  'stream',
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'top_k',
  'presence_penalty',
  'frequency_penalty',
  'seed',
  'stop',
  'response_format',
  'tools',
  'tool_choice',
];
/** What version 4 can say of thinking, in the words that callers use too. */
const EFFORTS: ReadonlySet<unknown> = new Set(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']);

/**
 * A chat request as the options of a call to an AI SDK model. Fields that the rules let through go on as options of
 * the model's own provider; the AI SDK has no other place for them.
 * @throws GatewayError `unsupported_parameter` for what the AI SDK has no word for.
 */
export function toCallOptions(call: ProviderCall, { specificationVersion: version, provider: modelProvider }: LanguageModel): CallOptions {
  const { provider } = call.deployment;
  const asked = call.request.parallel_tool_calls === true ? without(call.request, 'parallel_tool_calls') : call.request;
  const known = version === 'v4' ? [...MAPPED, 'reasoning_effort'] : MAPPED;
  const { request: read, options } = readFields({ ...call, request: asked }, known, modelProvider);
  const request = read as ChatRequest;
  return {
    prompt: toPrompt(request.messages, provider),
    ...sampling(request),
    ...responseFormat(request, provider),
    ...tools(request, provider),
    ...reasoning(request),
    ...(options && { providerOptions: options }),
  };
}

function sampling(request: ChatRequest): Partial<CallOptions> {
  const { stop } = request;
  const numbers = {
    maxOutputTokens: request.max_completion_tokens ?? request.max_tokens,
    temperature: request.temperature,
    topP: request.top_p,
    topK: request.top_k,
    presencePenalty: request.presence_penalty,
    frequencyPenalty: request.frequency_penalty,
    seed: request.seed,
    stopSequences: typeof stop === 'string' ? [stop] : stop,
  };
  return Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== undefined && value !== null));
}

function responseFormat({ response_format: format }: ChatRequest, provider: string): Partial<CallOptions> {
  const { type, json_schema: described } = (format ?? {}) as JsonObject;
  switch (type) {
    case undefined:
    case 'text':
      return {};
    case 'json_object':
      return { responseFormat: { type: 'json' } };
    case 'json_schema': {
      const { schema, name, description } = (described ?? {}) as { readonly schema?: object; readonly name?: string; readonly description?: string };
      return {
        responseFormat: { type: 'json', ...(schema && { schema }), ...(name !== undefined && { name }), ...(description !== undefined && { description }) },
      };
    }
    default:
      throw unsupportedParameter('response_format.type', provider);
  }
}

function tools({ tools: given, tool_choice: choice }: ChatRequest, provider: string): Partial<CallOptions> {
  const list = (given ?? []) as readonly JsonObject[];
  if (list.length === 0) return {};
  return { tools: list.map((tool, index) => toTool(tool, `tools[${index}]`, provider)), ...toolChoice(choice, provider) };
}

/** Tools that run at the provider have a form of their own in the AI SDK, and are taken in it. */
function toTool(tool: JsonObject, path: string, provider: string): Tool {
  if (tool.type === 'provider' && typeof tool.id === 'string' && typeof tool.name === 'string') {
    return { type: 'provider', id: tool.id, name: tool.name, args: (tool.args ?? {}) as JsonObject };
  }
  if (tool.type !== 'function') throw unsupportedParameter(path, provider, "the AI SDK knows tools of the types 'function' and 'provider'");
  const { name, description, parameters, strict } = (tool.function ?? {}) as JsonObject;
  if (typeof name !== 'string') throw invalid(`${path}.function.name`, 'is missing');
  return {
    type: 'function',
    name,
    inputSchema: (parameters ?? { type: 'object', properties: {} }) as object,
    ...(typeof description === 'string' && { description }),
    ...(typeof strict === 'boolean' && { strict }),
    ...optionsOf(tool),
  };
}

function toolChoice(choice: unknown, provider: string): { toolChoice?: ToolChoice } {
  if (choice === undefined || choice === null) return {};
  if (choice === 'auto' || choice === 'none' || choice === 'required') return { toolChoice: { type: choice } };
  const { type, function: chosen } = choice as JsonObject;
  const name = (chosen as JsonObject | undefined)?.name;
  if (type !== 'function' || typeof name !== 'string') throw unsupportedParameter('tool_choice', provider);
  return { toolChoice: { type: 'tool', toolName: name } };
}

function reasoning({ reasoning_effort: effort }: ChatRequest): { reasoning?: string } {
  if (effort === undefined || effort === null) return {};
  if (!EFFORTS.has(effort)) throw invalid('reasoning_effort', `has to be one of ${[...EFFORTS].join(', ')}`);
  return { reasoning: effort as string };
}

function without(request: ModelRequest, field: string): ModelRequest {
  const { [field]: left, ...rest } = request;
  return rest as ModelRequest;
}
