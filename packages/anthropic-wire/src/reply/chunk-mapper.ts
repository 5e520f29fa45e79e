import { GatewayError, type JsonObject } from '@sluice/core';
import { ANSWER_TOOL } from '../request/response-format.ts';
import { type AnswerBlock, callerOf, isServerBlock, toSources, toThinkingBlock } from './blocks.ts';
import { besideFinish, finishOf } from './finish-reason.ts';
import { tierOf, toUsage } from './to-usage.ts';

type Delta = {
  readonly type?: string;
  readonly text?: string;
  readonly thinking?: string;
  readonly signature?: string;
  readonly partial_json?: string;
  readonly citation?: JsonObject;
  readonly stop_reason?: string | null;
  readonly [field: string]: unknown;
};

export type StreamEvent = {
  readonly type: string;
  readonly index?: number;
  readonly message?: { readonly id: string; readonly model: string; readonly usage?: JsonObject };
  readonly content_block?: AnswerBlock;
  readonly delta?: Delta;
  readonly usage?: JsonObject;
  readonly context_management?: unknown;
};

/** A block that is being told. `call` is its position among the tool calls that the caller sees. */
type OpenBlock = {
  readonly begun: AnswerBlock;
  readonly call: number;
  thinking: string;
  signature: string;
  hasArguments: boolean;
  /** What a tool of the provider's own is told. */
  input: string;
  /** What came of a block that has no form in a chat. */
  more: JsonObject;
};

/** The events of one stream, one after the other, as chunks. */
export class ChunkMapper {
  readonly #isAnsweredByTool: boolean;
  readonly #blocks = new Map<number, OpenBlock>();
  #head: JsonObject = {};
  #usage: JsonObject = {};
  #calls = 0;
  #textLength = 0;
  #hasAnswer = false;
  /** Text beside an answer that comes by way of a tool: an answer only if that tool is never called. */
  #withheld = '';

  constructor(isAnsweredByTool: boolean) {
    this.#isAnsweredByTool = isAnsweredByTool;
  }

  map(event: StreamEvent): readonly JsonObject[] {
    switch (event.type) {
      case 'message_start':
        return this.#start(event);
      case 'content_block_start':
        return this.#open(event);
      case 'content_block_delta':
        return this.#go(event);
      case 'content_block_stop':
        return this.#close(event);
      case 'message_delta':
        return this.#finish(event);
      default:
        return [];
    }
  }

  #start({ message }: StreamEvent): readonly JsonObject[] {
    if (!message) return [];
    const isFirst = this.#head.id === undefined;
    if (!isFirst && this.#head.id !== message.id)
      throw new GatewayError('upstream_invalid_answer', 'The provider began another message inside its stream', { retryable: true });
    this.#usage = message.usage ?? {};
    if (isFirst)
      this.#head = { id: message.id, object: 'chat.completion.chunk', created: Math.floor(Date.now() / 1000), model: message.model, ...tierOf(this.#usage) };
    return [...(isFirst ? [this.#chunk({ role: 'assistant', content: '' })] : []), { object: 'usage', usage: toUsage(this.#usage) }];
  }

  #open({ index = 0, content_block: begun }: StreamEvent): readonly JsonObject[] {
    if (!begun) return [];
    const isAnswer = this.#isAnsweredByTool && begun.type === 'tool_use' && begun.name === ANSWER_TOOL;
    const isCall = begun.type === 'tool_use' && !isAnswer;
    const block: OpenBlock = {
      begun,
      call: isCall ? this.#calls++ : -1,
      thinking: begun.thinking ?? '',
      signature: begun.signature ?? '',
      hasArguments: false,
      input: '',
      more: {},
    };
    this.#blocks.set(index, block);
    if (isAnswer) this.#hasAnswer = true;
    if (isCall) return [this.#callChunk(block, '', { id: begun.id, type: 'function', ...callerOf(begun) }, begun.name)];
    if (begun.type === 'text') return this.#text(begun.text ?? '');
    return begun.type === 'thinking' && begun.thinking ? [this.#chunk({ reasoning_content: begun.thinking })] : [];
  }

  #go({ index = 0, delta }: StreamEvent): readonly JsonObject[] {
    const block = this.#blocks.get(index);
    switch (delta?.type) {
      case 'text_delta':
        return this.#text(delta.text ?? '');
      case 'thinking_delta':
        if (!block || !delta.thinking) return [];
        block.thinking += delta.thinking;
        return [this.#chunk({ reasoning_content: delta.thinking })];
      case 'signature_delta':
        if (block) block.signature += delta.signature ?? '';
        return [];
      case 'citations_delta':
        return delta.citation ? [this.#chunk(toSources([delta.citation], { start: this.#textLength, end: this.#textLength }))] : [];
      case 'input_json_delta':
        return block ? this.#arguments(block, delta.partial_json ?? '') : [];
      case undefined:
        return [];
      default:
        if (delta && block && isServerBlock(block.begun)) block.more = withoutType(delta);
        return [];
    }
  }

  #close({ index = 0 }: StreamEvent): readonly JsonObject[] {
    const block = this.#blocks.get(index);
    this.#blocks.delete(index);
    if (block && isServerBlock(block.begun)) return [this.#chunk({ provider_content: [whole(block)] })];
    if (block?.begun.type === 'thinking' || block?.begun.type === 'redacted_thinking') {
      const { begun, thinking, signature } = block;
      return [this.#chunk({ thinking_blocks: [toThinkingBlock({ ...begun, thinking, signature })] })];
    }
    // A call without arguments sends none, and some hosts tell them all at the beginning.
    return block?.begun.type === 'tool_use' && !block.hasArguments ? this.#arguments(block, JSON.stringify(block.begun.input ?? {})) : [];
  }

  #finish({ delta, usage, context_management }: StreamEvent): readonly JsonObject[] {
    this.#usage = { ...this.#usage, ...known(usage) };
    const reported = toUsage(this.#usage);
    const stopReason = delta?.stop_reason;
    if (stopReason === undefined || stopReason === null) return [{ object: 'usage', usage: reported }];
    const rest = this.#hasAnswer ? '' : this.#withheld;
    return [
      ...(rest === '' ? [] : [this.#chunk({ content: rest })]),
      this.#chunk({}, { ...finishOf(stopReason, this.#hasAnswer), ...besideFinish({ context_management, ...delta }) }),
      { ...this.#head, choices: [], usage: reported },
    ];
  }

  #text(text: string): readonly JsonObject[] {
    if (text === '') return [];
    if (this.#isAnsweredByTool) {
      this.#withheld += text;
      return [];
    }
    this.#textLength += text.length;
    return [this.#chunk({ content: text })];
  }

  /** What the provider's own tools are told comes whole with their block. */
  #arguments(block: OpenBlock, text: string): readonly JsonObject[] {
    if (block.begun.type !== 'tool_use') block.input += text;
    if (text === '' || block.begun.type !== 'tool_use') return [];
    block.hasArguments = true;
    return [block.call < 0 ? this.#chunk({ content: text }) : this.#callChunk(block, text)];
  }

  #callChunk({ call }: OpenBlock, text: string, identity: JsonObject = {}, name?: string): JsonObject {
    return this.#chunk({ tool_calls: [{ index: call, ...identity, function: { ...(name !== undefined && { name }), arguments: text } }] });
  }

  #chunk(delta: JsonObject, finish: JsonObject = { finish_reason: null }): JsonObject {
    return { ...this.#head, choices: [{ index: 0, delta, logprobs: null, ...finish }] };
  }
}

/** A block for which there is no form, as it would stand in a whole answer. */
function whole({ begun, input, more }: OpenBlock): JsonObject {
  return { ...begun, ...more, ...(input !== '' && { input: parsed(input) }) };
}

function parsed(input: string): unknown {
  try {
    return JSON.parse(input) as unknown;
  } catch {
    return input;
  }
}

function withoutType({ type: _, ...rest }: Delta): JsonObject {
  return rest;
}

/** Later reports leave out, or leave empty, what has not changed. */
function known(usage: JsonObject = {}): JsonObject {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null && value !== undefined));
}
