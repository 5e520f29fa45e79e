import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@sluice/core';
import type { ByProvider, StreamPart } from '../specification.ts';
import { finishOf, isOwnCall, toExtras, toThinkingBlock, toUsage, withMetadata } from './answer.ts';

type OpenCall = { readonly index: number; arguments: string };

/** The parts of one stream, one after the other, as chunks. */
export class ChunkMapper {
  #head: JsonObject;
  #warnings: readonly object[] = [];
  #hasBegun = false;
  readonly #calls = new Map<string, OpenCall>();
  readonly #thoughts = new Map<string, { text: string; metadata: ByProvider | undefined }>();

  constructor(model: string) {
    this.#head = { id: `chatcmpl-${randomUUID()}`, object: 'chat.completion.chunk', created: Math.floor(Date.now() / 1000), model };
  }

  map(part: StreamPart): readonly JsonObject[] {
    switch (part.type) {
      case 'stream-start':
        this.#warnings = part.warnings ?? [];
        return [];
      case 'response-metadata':
        return this.#describe(part);
      case 'text-delta':
        return part.delta ? [this.#chunk({ content: part.delta })] : [];
      case 'reasoning-start':
      case 'reasoning-delta':
      case 'reasoning-end':
        return this.#think(part);
      case 'tool-input-start':
        return part.providerExecuted === true ? [] : this.#open(part.id ?? '', part.toolName ?? '');
      case 'tool-input-delta':
        return this.#go(part.id ?? '', part.delta ?? '');
      case 'finish':
        return this.#finish(part);
      case 'text-start':
      case 'text-end':
      case 'tool-input-end':
      case 'raw':
      case 'ping':
        return [];
      default:
        return isOwnCall(part) ? this.#call(part) : this.#extras(part);
    }
  }

  #describe({ id, timestamp, modelId }: StreamPart): readonly JsonObject[] {
    // All chunks of a stream bear one id: what comes late comes too late.
    if (this.#hasBegun) return [];
    const created = timestamp && Math.floor(timestamp.getTime() / 1000);
    this.#head = {
      ...this.#head,
      ...(id !== undefined && { id }),
      ...(created !== undefined && { created }),
      ...(modelId !== undefined && { model: modelId }),
    };
    return [];
  }

  /** A thought is told as it comes, and at its end once more as it has to come back. */
  #think({ type, id = '', delta = '', providerMetadata }: StreamPart): readonly JsonObject[] {
    const before = this.#thoughts.get(id);
    const thought = { text: (before?.text ?? '') + delta, metadata: providerMetadata ?? before?.metadata };
    if (type !== 'reasoning-end') {
      this.#thoughts.set(id, thought);
      return delta === '' ? [] : [this.#chunk({ reasoning_content: delta })];
    }
    this.#thoughts.delete(id);
    return [this.#chunk({ thinking_blocks: [toThinkingBlock(thought.text, thought.metadata)] })];
  }

  #open(id: string, name: string): readonly JsonObject[] {
    const call = { index: this.#calls.size, arguments: '' };
    this.#calls.set(id, call);
    return [this.#chunk({ tool_calls: [{ index: call.index, id, type: 'function', function: { name, arguments: '' } }] })];
  }

  #go(id: string, text: string, metadata?: ByProvider): readonly JsonObject[] {
    const call = this.#calls.get(id);
    if (!call || (text === '' && metadata === undefined)) return [];
    call.arguments += text;
    return [this.#chunk({ tool_calls: [{ index: call.index, function: { arguments: text }, ...withMetadata(metadata) }] })];
  }

  /** The whole call, after its pieces or in place of them. */
  #call({ toolCallId: id = '', toolName = '', input = '', providerMetadata }: StreamPart): readonly JsonObject[] {
    const begun = this.#calls.has(id) ? [] : this.#open(id, toolName);
    const isTold = this.#calls.get(id)?.arguments !== '';
    return [...begun, ...this.#go(id, isTold ? '' : input || '{}', providerMetadata)];
  }

  #extras(part: StreamPart): readonly JsonObject[] {
    const { image, annotation, other } = toExtras(part);
    return [this.#chunk({ ...(image && { images: [image] }), ...(annotation && { annotations: [annotation] }), ...(other && { provider_content: [other] }) })];
  }

  #finish({ finishReason = { unified: 'other', raw: undefined }, usage, providerMetadata }: StreamPart): readonly JsonObject[] {
    const reported = toUsage(usage);
    const last = { ...this.#chunk({}, finishOf(finishReason, this.#calls.size > 0)), ...withMetadata(providerMetadata) };
    return reported ? [last, { ...this.#head, choices: [], usage: reported }] : [last];
  }

  #chunk(delta: JsonObject, finish: JsonObject = { finish_reason: null }): JsonObject {
    const first = this.#hasBegun ? {} : { role: 'assistant' };
    const warnings = this.#hasBegun || this.#warnings.length === 0 ? {} : { warnings: this.#warnings };
    this.#hasBegun = true;
    return { ...this.#head, choices: [{ index: 0, delta: { ...first, ...delta }, logprobs: null, ...finish }], ...warnings };
  }
}
