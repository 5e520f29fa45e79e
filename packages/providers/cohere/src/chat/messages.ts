import { type ChatMessage, type ContentPart, type Deployment, type JsonObject, unsupportedParameter } from '@sluice/core';

type Place = { readonly provider: string; readonly param: string; readonly reads: readonly string[] };

/** Parts of content by who says them. Documents and thoughts are Cohere's own. https://docs.cohere.com/v2/reference/chat */
const READS = { system: ['text'], user: ['text', 'image_url'], assistant: ['text', 'thinking'], tool: ['text', 'document'] } as const;

/** The conversation in Cohere's form, which has the same roles. */
export function toMessages(messages: readonly ChatMessage[], { provider, model }: Deployment): readonly JsonObject[] {
  return messages.map((message, index) => {
    const role = message.role === 'developer' ? 'system' : message.role;
    const reads = READS[role as keyof typeof READS] ?? READS.user;
    return toMessage(message, { provider, param: `messages[${index}]`, reads }, model);
  });
}

function toMessage(message: ChatMessage, place: Place, model: string): JsonObject {
  const { role, content } = message;
  switch (role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: toContent(content, place) ?? '' };
    case 'assistant':
      return toAssistant(message, place, model);
    case 'tool':
      return { role, tool_call_id: message.tool_call_id, content: toContent(content, place) ?? '' };
    case 'function':
      throw unsupportedParameter(`${place.param}.role`, place.provider, "'tool' is its successor");
    default:
      return { role, content: toContent(content, place) ?? '' };
  }
}

/** Plans go back under their own name, thoughts as a part of the content; without either the model would begin again. */
function toAssistant(message: ChatMessage, place: Place, model: string): JsonObject {
  const { tool_plan: plan, citations } = message;
  const calls = message.tool_calls ?? [];
  if (message.function_call) throw unsupportedParameter(`${place.param}.function_call`, place.provider, 'tool_calls is its successor');
  const content = withThoughts(toContent(message.content, place), message, model);
  return {
    role: 'assistant',
    ...(content !== undefined && { content }),
    ...(typeof plan === 'string' && plan !== '' && { tool_plan: plan }),
    ...(calls.length > 0 && { tool_calls: calls.map(({ id, function: called }) => ({ id, type: 'function', function: called })) }),
    ...(Array.isArray(citations) && citations.length > 0 && { citations: citations as readonly unknown[] }),
  };
}

/** Only where the model thinks, and in the midst of calling tools: thoughts of other turns are not read again. */
function withThoughts(content: string | readonly JsonObject[] | undefined, message: ChatMessage, model: string): string | readonly JsonObject[] | undefined {
  const { reasoning_content: thoughts, tool_plan: plan, tool_calls: calls } = message;
  if (typeof thoughts !== 'string' || thoughts === '' || plan || !calls?.length || !canThink(model)) return content;
  const said = typeof content === 'string' ? [{ type: 'text', text: content }] : (content ?? []);
  return [{ type: 'thinking', thinking: thoughts }, ...said];
}

export function canThink(model: string): boolean {
  return /reasoning|command-a-plus/.test(model);
}

function toContent(content: ChatMessage['content'], { param, ...place }: Place): string | readonly JsonObject[] | undefined {
  if (content === undefined || content === null || content === '') return undefined;
  if (typeof content === 'string') return content;
  const parts = content.flatMap((part, index) => toPart(part, { ...place, param: `${param}.content[${index}]` }));
  return parts.length > 0 ? parts : undefined;
}

function toPart(part: ContentPart, { provider, param, reads }: Place): readonly JsonObject[] {
  const { text = '', refusal } = part;
  const type = part.type === 'input_text' || part.type === 'refusal' ? 'text' : part.type;
  if (!reads.includes(type)) throw unsupportedParameter(`${param}.type`, provider, `here it reads ${reads.join(' and ')}, not '${part.type}'`);
  switch (type) {
    case 'text': {
      const said = typeof refusal === 'string' ? refusal : text;
      return said === '' ? [] : [{ type, text: said }];
    }
    case 'image_url':
      return [{ type, image_url: typeof part.image_url === 'string' ? { url: part.image_url } : part.image_url }];
    case 'thinking':
      return [{ type, thinking: thoughtsOf(part.thinking) }];
    default:
      return [part];
  }
}

/** Mistral's callers have them as a list of texts. */
function thoughtsOf(thinking: unknown): unknown {
  return Array.isArray(thinking) ? (thinking as readonly ContentPart[]).map(({ text = '' }) => text).join('') : thinking;
}
