import { GatewayError } from '../errors/gateway-error.ts';
import type { ChatMessage, ContentPart, ModelRequest } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';
import type { CachePoint, Deployment } from '../types/model.ts';

/** What callers name the points by, as LiteLLM's do. */
const FIELD = 'cache_control_injection_points';
const EPHEMERAL: JsonObject = { type: 'ephemeral' };
/** Anthropic refuses more. https://docs.claude.com/en/docs/build-with-claude/prompt-caching */
const MOST_POINTS = 4;

/**
 * The request with `cache_control` at the points that it, or else its deployment, names. Of a role that has spoken more
 * often than a provider keeps points, the latest messages count. What is marked already stays as it is.
 * @throws GatewayError `invalid_request` for points of another form.
 */
export function withCachePoints(request: ModelRequest, { cachePoints }: Deployment): ModelRequest {
  const named = request[FIELD];
  if (named === undefined) return cachePoints ? marked(request, cachePoints) : request;
  const { [FIELD]: _, ...rest } = request;
  return marked(rest as ModelRequest, named === null ? (cachePoints ?? []) : readPoints(named));
}

function marked(request: ModelRequest, points: readonly CachePoint[]): ModelRequest {
  const { messages, tools } = request;
  const said = Array.isArray(messages) ? (messages as readonly ChatMessage[]) : [];
  const controls = new Map<number, JsonObject>();
  for (const point of points) if (point.location === 'message') for (const place of placesOf(point, said)) controls.set(place, point.control ?? EPHEMERAL);
  const forTools = Array.isArray(tools) && tools.length > 0 ? points.find(({ location }) => location === 'tools') : undefined;
  const latest = new Map([...controls].sort(([a], [b]) => a - b).slice(forTools ? 1 - MOST_POINTS : -MOST_POINTS));
  const withControl = (message: ChatMessage, place: number): ChatMessage => {
    const control = latest.get(place);
    return control ? markedMessage(message, control) : message;
  };
  return {
    ...request,
    ...(latest.size > 0 && { messages: said.map(withControl) }),
    ...(forTools && { tools: markedLast(tools as readonly JsonObject[], forTools.control ?? EPHEMERAL) }),
  };
}

function placesOf({ role, index }: Extract<CachePoint, { location: 'message' }>, messages: readonly ChatMessage[]): readonly number[] {
  if (index !== undefined) {
    const place = index < 0 ? messages.length + index : index;
    return messages[place] === undefined ? [] : [place];
  }
  return messages.flatMap((message, place) => (message.role === role ? [place] : []));
}

function markedMessage(message: ChatMessage, control: JsonObject): ChatMessage {
  const { content } = message;
  if (typeof content === 'string') return content === '' ? message : { ...message, content: [{ type: 'text', text: content, cache_control: control }] };
  return Array.isArray(content) && content.length > 0 ? { ...message, content: markedLast(content as readonly ContentPart[], control) } : message;
}

function markedLast<T extends JsonObject>(list: readonly T[], control: JsonObject): T[] {
  return list.map((item, index) => (index === list.length - 1 && item.cache_control === undefined ? { ...item, cache_control: control } : item));
}

function readPoints(given: unknown): readonly CachePoint[] {
  if (!Array.isArray(given)) throw invalid(FIELD, 'a list');
  return given.map((point: unknown, index): CachePoint => {
    const place = `${FIELD}[${index}]`;
    if (point === null || typeof point !== 'object') throw invalid(place, 'an object');
    const { location, role, index: at, control } = point as JsonObject;
    const marks = control !== null && typeof control === 'object' ? { control: control as JsonObject } : {};
    if (location === 'tool_config' || location === 'tools') return { location: 'tools', ...marks };
    if (location !== 'message') throw invalid(`${place}.location`, "'message' or 'tool_config'");
    // Written as a text in files of LiteLLM's.
    const number = typeof at === 'string' && /^-?\d+$/.test(at) ? Number(at) : at;
    if (Number.isSafeInteger(number)) return { location, index: number as number, ...marks };
    if (typeof role !== 'string') throw invalid(`${place}.role`, 'a role, unless index names one message');
    return { location, role, ...marks };
  });
}

function invalid(param: string, wanted: string): GatewayError {
  return new GatewayError('invalid_request', `${param} has to be ${wanted}.`, { param });
}
