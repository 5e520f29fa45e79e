import type { Batch } from '../types/call.ts';
import type { ChatMessage, ChatRequest } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';

type Choice = { readonly index?: number; readonly delta?: JsonObject | null; readonly finish_reason?: unknown } | null;

/** What may stand beside the text of an answer that somebody else can go on with. Thoughts are over once there is text. */
const HARMLESS: ReadonlySet<string> = new Set(['role', 'content', 'reasoning_content', 'reasoning', 'annotations']);

/** What of a chat's answer has been told to its caller, and whether another model can go on from there. */
export class ToldSoFar {
  text = '';
  id: unknown;
  created: unknown;
  #isPlain = true;
  #isFinished = false;

  /** Whether there is text to go on from, and nothing else: no tool call, no sound, no second answer. */
  get canGoOn(): boolean {
    return this.text !== '' && this.#isPlain && !this.#isFinished;
  }

  note({ events }: Batch): void {
    for (const { value } of events) this.#noteEvent(value);
  }

  #noteEvent({ id, created, choices }: JsonObject): void {
    this.id ??= id;
    this.created ??= created;
    if (!Array.isArray(choices)) return void (this.#isPlain = false);
    for (const choice of choices as readonly Choice[]) {
      if (!choice) continue;
      if ((choice.index ?? 0) !== 0) this.#isPlain = false;
      if (choice.finish_reason !== undefined && choice.finish_reason !== null) this.#isFinished = true;
      for (const [field, value] of Object.entries(choice.delta ?? {})) if (!HARMLESS.has(field) && value !== null && value !== undefined) this.#isPlain = false;
      if (typeof choice.delta?.content === 'string') this.text += choice.delta.content;
    }
  }
}

/** What is left of a request once `told` has been delivered; nothing where no model can be asked to go on with it. */
export function continuedRequest(request: ChatRequest, told: string, tokens: number): ChatRequest | undefined {
  const last = request.messages.at(-1);
  const isBegun = last?.role === 'assistant';
  if (isBegun && typeof last.content !== 'string') return undefined;
  // A message that ends in white space is refused by some.
  const content = `${isBegun ? (last.content as string) : ''}${told}`.trimEnd();
  const message: ChatMessage = { role: 'assistant', content, prefix: true };
  const limits: Record<string, number> = {};
  for (const field of ['max_tokens', 'max_completion_tokens'] as const) {
    const limit = request[field];
    if (limit === undefined || limit === null) continue;
    if (limit - tokens < 1) return undefined;
    limits[field] = limit - tokens;
  }
  return { ...request, ...limits, messages: [...(isBegun ? request.messages.slice(0, -1) : request.messages), message] };
}

/** A chunk with other words; whose turn it is has been said. */
export function withContent(chunk: JsonObject, rewrite: (content: string | undefined) => string): JsonObject {
  if (!Array.isArray(chunk.choices)) return chunk;
  return { ...chunk, choices: (chunk.choices as readonly Choice[]).map((choice) => choice && { ...choice, delta: rewritten(choice.delta ?? {}, rewrite) }) };
}

function rewritten({ role: _, content, ...delta }: JsonObject, rewrite: (content: string | undefined) => string): JsonObject {
  const words = rewrite(typeof content === 'string' ? content : undefined);
  return words === '' ? delta : { ...delta, content: words };
}
