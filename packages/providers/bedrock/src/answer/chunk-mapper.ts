import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@sluice/core';
import { ANSWER_TOOL } from '../converse/response-format.ts';
import type { Delta, StreamEvent } from '../wire.ts';
import { besideOf, isCall, toSources, toThinkingBlock } from './blocks.ts';
import { finishOf } from './finish-reason.ts';
import { joined, serverBlock } from './server-block.ts';
import { toUsage } from './to-usage.ts';

/** A block that is being told. `call` is its position among the tool calls that the caller sees. */
type OpenBlock = {
  readonly kind: 'call' | 'answer' | 'hidden' | 'said';
  readonly call: number;
  thought: string;
  signature?: string;
  redacted: string;
  hasArguments: boolean;
  /** What a tool of Amazon's own is told. */
  input: string;
  /** What a block that has no form in a chat began with, and what came of it. */
  more: JsonObject;
};

/** The events of one stream, one after the other, as chunks. */
export class ChunkMapper {
  readonly #head: JsonObject;
  readonly #isAnsweredByTool: boolean;
  readonly #blocks = new Map<number, OpenBlock>();
  #hasBegun = false;
  #calls = 0;
  #textLength = 0;
  #hasAnswer = false;
  /** Text beside an answer that comes by way of a tool: an answer only if that tool is never called. */
  #withheld = '';

  constructor(model: string, isAnsweredByTool: boolean) {
    this.#head = { id: `chatcmpl-${randomUUID()}`, object: 'chat.completion.chunk', created: Math.floor(Date.now() / 1000), model };
    this.#isAnsweredByTool = isAnsweredByTool;
  }

  map(name: string, event: StreamEvent): readonly JsonObject[] {
    switch (name) {
      case 'messageStart':
        return this.#begin();
      case 'contentBlockStart':
        return [...this.#begin(), ...this.#open(event)];
      case 'contentBlockDelta':
        return [...this.#begin(), ...this.#go(event)];
      case 'contentBlockStop':
        return this.#close(event);
      case 'messageStop':
        return [...this.#begin(), ...this.#finish(event)];
      case 'metadata':
        return event.usage ? [{ ...this.#head, choices: [], ...besideOf(event), usage: toUsage(event.usage) }] : [];
      default:
        return [];
    }
  }

  #begin(): readonly JsonObject[] {
    if (this.#hasBegun) return [];
    this.#hasBegun = true;
    return [this.#chunk({ role: 'assistant', content: '' })];
  }

  #open({ contentBlockIndex: index = 0, start }: StreamEvent): readonly JsonObject[] {
    const { toolUse } = start ?? {};
    if (!toolUse) {
      // Results of Amazon's own tools are told in blocks too.
      this.#blocks.set(index, newBlock(start !== undefined && Object.keys(start).length > 0 ? 'hidden' : 'said', -1, start));
      return [];
    }
    const isAnswer = this.#isAnsweredByTool && toolUse.name === ANSWER_TOOL;
    const kind = isAnswer ? 'answer' : isCall({ toolUse }) ? 'call' : 'hidden';
    const block = newBlock(kind, kind === 'call' ? this.#calls++ : -1, kind === 'hidden' ? start : {});
    this.#blocks.set(index, block);
    if (isAnswer) this.#hasAnswer = true;
    return kind === 'call' ? [this.#callChunk(block, '', { id: toolUse.toolUseId, type: 'function' }, toolUse.name)] : [];
  }

  #go({ contentBlockIndex: index = 0, delta = {} }: StreamEvent): readonly JsonObject[] {
    let block = this.#blocks.get(index);
    if (!block) this.#blocks.set(index, (block = newBlock('said', -1)));
    if (delta.text !== undefined) return this.#text(delta.text);
    if (delta.toolUse) return this.#arguments(block, delta.toolUse.input ?? '');
    if (delta.reasoningContent) return this.#think(block, delta.reasoningContent);
    if (delta.citation) return [this.#chunk(toSources([delta.citation], this.#textLength))];
    block.more = joined(block.more, delta);
    return [];
  }

  #think(block: OpenBlock, { text, signature, redactedContent }: NonNullable<Delta['reasoningContent']>): readonly JsonObject[] {
    if (signature !== undefined) block.signature = (block.signature ?? '') + signature;
    if (redactedContent !== undefined) block.redacted += redactedContent;
    if (text === undefined || text === '') return [];
    block.thought += text;
    return [this.#chunk({ reasoning_content: text })];
  }

  #close({ contentBlockIndex: index = 0 }: StreamEvent): readonly JsonObject[] {
    const block = this.#blocks.get(index);
    this.#blocks.delete(index);
    if (!block) return [];
    // A call without arguments may send none.
    if (block.kind === 'call' || block.kind === 'answer') return block.hasArguments ? [] : this.#arguments(block, '{}');
    const { thought, signature, redacted } = block;
    const server = serverBlock(block);
    if (server) return [this.#chunk({ provider_content: [server] })];
    const kept = toThinkingBlock(
      redacted === '' ? { reasoningText: { text: thought, ...(signature !== undefined && { signature }) } } : { redactedContent: redacted },
    );
    return kept ? [this.#chunk({ thinking_blocks: [kept] })] : [];
  }

  #finish({ stopReason, additionalModelResponseFields }: StreamEvent): readonly JsonObject[] {
    const rest = this.#hasAnswer ? '' : this.#withheld;
    return [
      ...(rest === '' ? [] : [this.#chunk({ content: rest })]),
      { ...this.#chunk({}, finishOf(stopReason, this.#hasAnswer)), ...besideOf({ additionalModelResponseFields }) },
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

  #arguments(block: OpenBlock, text: string): readonly JsonObject[] {
    if (block.kind === 'hidden') block.input += text;
    if (text === '' || block.kind === 'hidden' || block.kind === 'said') return [];
    block.hasArguments = true;
    return [block.kind === 'answer' ? this.#chunk({ content: text }) : this.#callChunk(block, text)];
  }

  #callChunk({ call }: OpenBlock, text: string, identity: JsonObject = {}, name?: string): JsonObject {
    return this.#chunk({ tool_calls: [{ index: call, ...identity, function: { ...(name !== undefined && { name }), arguments: text } }] });
  }

  #chunk(delta: JsonObject, finish: JsonObject = { finish_reason: null }): JsonObject {
    return { ...this.#head, choices: [{ index: 0, delta, logprobs: null, ...finish }] };
  }
}

function newBlock(kind: OpenBlock['kind'], call: number, more: JsonObject = {}): OpenBlock {
  return { kind, call, thought: '', redacted: '', hasArguments: false, input: '', more };
}
