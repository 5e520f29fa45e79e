import { randomUUID } from 'node:crypto';
import { requireGuardrails } from '../hooks/guardrail/guardrail.ts';
import type { HttpHandler } from '../http/http-types.ts';
import { Context } from '../pipeline/context.ts';
import type { BytesReply, Operation, Reply } from '../types/call.ts';
import type { Upload } from '../types/upload.ts';
import type { ChatChunk, ChatRequest, ChatResponse, ModelRequest } from '../types/chat.ts';
import type { GuardrailUse } from '../types/guardrail.ts';
import type { JsonObject } from '../types/json.ts';
import { LazyAbortController } from '../stream/lazy-abort-controller.ts';
import { endWhenForgotten } from '../stream/when-forgotten.ts';
import { abandon } from '../stream/abandon.ts';
import type { CallOptions } from './call-options.ts';
import { type BatchClient, type FileClient, fileClient } from './file-client.ts';
import { joinChunks } from '../stream/join-chunks.ts';
import { createFetch, type GatewayFetch } from './fetch-face.ts';
import { type OpenRound, runTools } from './tools/run-tools.ts';
import type { ToolRun, ToolRunRequest } from './tools/tool-run.ts';

type Streaming<T> = T & { readonly stream: true };

/** The gateway without HTTP: the same hooks, the same errors. */
export type Client = {
  readonly chat: {
    readonly completions: {
      create(request: Streaming<ChatRequest>, options?: CallOptions): Promise<AsyncIterable<ChatChunk>>;
      create(request: ChatRequest, options?: CallOptions): Promise<ChatResponse>;
    };
    /** A conversation in which the model's tool calls are run, round by round, until it has answered or a cap is reached. */
    runTools(run: ToolRunRequest): Promise<ToolRun>;
  };
  readonly completions: {
    create(request: Streaming<ModelRequest>, options?: CallOptions): Promise<AsyncIterable<JsonObject>>;
    create(request: ModelRequest, options?: CallOptions): Promise<JsonObject>;
  };
  readonly embeddings: { create(request: ModelRequest, options?: CallOptions): Promise<JsonObject> };
  readonly moderations: { create(request: ModelRequest, options?: CallOptions): Promise<JsonObject> };
  readonly images: { generate(request: ModelRequest, options?: CallOptions): Promise<JsonObject> };
  readonly audio: { readonly speech: { create(request: ModelRequest, options?: CallOptions): Promise<BytesReply> } };
  /** Documents by how well they answer a query, in Cohere's shape. */
  readonly rerank: { create(request: ModelRequest, options?: CallOptions): Promise<JsonObject> };
  /** A document as text, in Mistral's shape. */
  readonly ocr: { create(request: ModelRequest, options?: CallOptions): Promise<JsonObject> };
  /** The tokens of a request: counted by its provider, or estimated and marked as such. */
  readonly tokens: { count(request: ModelRequest, options?: CallOptions): Promise<JsonObject> };
  readonly responses: {
    create(request: Streaming<ModelRequest>, options?: CallOptions): Promise<AsyncIterable<JsonObject>>;
    create(request: ModelRequest, options?: CallOptions): Promise<JsonObject>;
  };
  readonly files: FileClient;
  readonly batches: BatchClient;
  /** A `fetch` to hand to any SDK, so that it goes through the pipeline without a socket. Any host name will do. */
  readonly fetch: GatewayFetch;
};

export type ClientOptions = {
  readonly run: (ctx: Context) => Promise<Reply>;
  readonly handle: HttpHandler;
  /** The most that a call may cost, in nano-dollars. @throws GatewayError `model_unpriced` */
  readonly mostOf: (ctx: Context) => number;
  /** What policies may ask for. */
  readonly guardrails: readonly GuardrailUse[];
};

export function createClient({ run, handle, mostOf, guardrails }: ClientOptions): Client {
  function open(operation: Operation, request: ModelRequest, { apiKey, principal, policy }: CallOptions = {}, upload?: Upload): Context {
    if (policy) requireGuardrails(policy, guardrails);
    return new Context({
      id: randomUUID(),
      operation,
      request,
      upload,
      source: { credentials: apiKey === undefined ? [] : [apiKey] },
      principal,
      policy,
      controller: new LazyAbortController(),
    });
  }

  async function answer(ctx: Context, signal: AbortSignal | undefined): Promise<JsonObject | AsyncIterable<JsonObject> | BytesReply> {
    const { controller } = ctx;
    if (signal?.aborted) controller.abort(signal.reason);
    const abort = (): void => controller.abort(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    ctx.defer(() => signal?.removeEventListener('abort', abort));
    return toAnswer(await run(ctx), controller);
  }

  const openRound: OpenRound = (request, toolRun, round) => {
    const ctx = open('chat', request, toolRun);
    return {
      most: () => mostOf(ctx),
      async answer() {
        const given = await answer(ctx, toolRun.signal);
        const response = (await (toolRun.onChunk
          ? joinChunks(given as AsyncIterable<ChatChunk>, (chunk) => toolRun.onChunk?.(chunk, round))
          : given)) as ChatResponse;
        return { response, usage: ctx.usage, costNanoUsd: ctx.costNanoUsd };
      },
    };
  };

  // The one place where an answer's form follows from the request at run time and from overloads at compile time.
  const create = (operation: Operation) => async (request: ModelRequest, options?: CallOptions) =>
    (await answer(open(operation, request, options), options?.signal)) as never;

  return {
    chat: { completions: { create: create('chat') }, runTools: (toolRun) => runTools(toolRun, openRound) },
    completions: { create: create('completions') },
    embeddings: { create: create('embeddings') },
    moderations: { create: create('moderations') },
    images: { generate: create('images.generate') },
    audio: { speech: { create: create('audio.speech') } },
    rerank: { create: create('rerank') },
    ocr: { create: create('ocr') },
    tokens: { count: create('tokens.count') },
    responses: { create: create('responses') },
    ...fileClient((operation, request, options, upload) => answer(open(operation, request, options, upload), options?.signal)),
    fetch: createFetch(handle),
  };
}

function toAnswer(reply: Reply, controller: LazyAbortController): JsonObject | AsyncIterable<JsonObject> | BytesReply {
  switch (reply.kind) {
    case 'complete':
      return reply.body.value;
    case 'stream':
      return endWhenForgotten(eventsOf(reply.batches), controller);
    case 'bytes':
      endWhenForgotten(reply.chunks, controller);
      return reply;
  }
}

/** One event at a time, for people. Not an async generator, for the reasons given at `onEnd`. */
function eventsOf(source: Extract<Reply, { kind: 'stream' }>['batches']): AsyncIterableIterator<JsonObject> {
  const batches = source[Symbol.asyncIterator]();
  let events: readonly { readonly value: JsonObject }[] = [];
  let index = 0;
  const iterator: AsyncIterableIterator<JsonObject> = {
    [Symbol.asyncIterator]: () => iterator,
    async next() {
      while (index >= events.length) {
        const result = await batches.next();
        if (result.done) return { done: true, value: undefined };
        [events, index] = [result.value.events, 0];
      }
      try {
        return { done: false, value: (events[index++] as { value: JsonObject }).value };
      } catch (error) {
        abandon(batches);
        throw error;
      }
    },
    async return() {
      await batches.return?.();
      return { done: true, value: undefined };
    },
  };
  return iterator;
}
