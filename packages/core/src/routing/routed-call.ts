import { hash } from 'node:crypto';
import type { Context } from '../pipeline/context.ts';
import { costOf } from '../pricing/cost.ts';
import { estimateTokens } from '../pricing/estimate.ts';
import { maxOutputTokens } from '../pricing/output-limit.ts';
import type { Operation } from '../types/call.ts';
import type { Principal } from '../types/principal.ts';
import type { ChatMessage, ModelRequest } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';
import type { Deployment } from '../types/model.ts';
import type { Load, RoutedCall } from '../types/strategy.ts';
import type { Controls } from './controls.ts';
import { lastText } from './texts.ts';

/** What strategies may ask of the router. */
export type RouterTools = {
  readonly random: () => number;
  loadOf(deployment: Deployment): Load;
  isNamed(deployment: Deployment, name: string, ctx: Context): boolean;
  embed(model: string, texts: readonly string[]): Promise<readonly (readonly number[])[]>;
};

/** What most answers come to, where nobody says how long they may be. */
const USUAL_OUTPUT_TOKENS = 400;
const SESSION_HEADERS = ['x-sluice-session', 'x-litellm-session-id'] as const;
const PREFIX_CHARACTERS = 1024;

/** One call, for the filters and the strategy of its group. */
export class GroupCall implements RoutedCall {
  readonly #ctx: Context;
  readonly #tools: RouterTools;
  readonly controls: Controls | undefined;
  #inputTokens: number | undefined;

  constructor(ctx: Context, tools: RouterTools, controls: Controls | undefined) {
    this.#ctx = ctx;
    this.#tools = tools;
    this.controls = controls;
  }

  get operation(): Operation {
    return this.#ctx.operation;
  }

  get request(): ModelRequest {
    return this.#ctx.request;
  }

  get principal(): Principal | undefined {
    return this.#ctx.principal;
  }

  get regions(): readonly (readonly string[])[] {
    return [this.#ctx.principal?.regions, this.#ctx.policy?.regions].filter((regions) => regions !== undefined);
  }

  get headers(): Readonly<Record<string, string | readonly string[] | undefined>> {
    return this.#ctx.source.headers ?? {};
  }

  get metadata(): JsonObject {
    const { metadata } = this.request;
    return typeof metadata === 'object' && metadata !== null ? (metadata as JsonObject) : {};
  }

  get tags(): readonly string[] {
    return this.controls?.tags ?? [];
  }

  get isStream(): boolean {
    return this.request.stream === true;
  }

  get random(): () => number {
    return this.#tools.random;
  }

  get inputTokens(): number {
    return (this.#inputTokens ??= estimateTokens(this.request));
  }

  get text(): string {
    return lastText(this.request);
  }

  get session(): string {
    for (const name of SESSION_HEADERS) {
      const header = this.headers[name];
      if (typeof header === 'string' && header !== '') return header;
    }
    const { prompt_cache_key: cacheKey, user } = this.request;
    for (const named of [this.metadata.session_id, cacheKey, user]) if (typeof named === 'string' && named !== '') return named;
    return hash('sha1', `${this.principal?.keyId ?? ''}\n${prefixOf(this.request)}`, 'base64');
  }

  loadOf(deployment: Deployment): Load {
    return this.#tools.loadOf(deployment);
  }

  costAt({ price, defaults }: Deployment): number | undefined {
    if (!price) return undefined;
    const request = defaults ? { ...defaults, ...this.request } : this.request;
    return costOf({ inputTokens: this.inputTokens, outputTokens: maxOutputTokens(this.operation, request, USUAL_OUTPUT_TOKENS) }, price);
  }

  isNamed(deployment: Deployment, name: string): boolean {
    const { id, model, provider } = deployment;
    return id === name || model === name || `${provider}/${model}` === name || this.#tools.isNamed(deployment, name, this.#ctx);
  }

  embed(model: string, texts: readonly string[]): Promise<readonly (readonly number[])[]> {
    return this.#tools.embed(model, texts);
  }
}

/** What every later turn of a conversation begins with, and providers keep in their caches. */
function prefixOf({ messages, input, instructions, prompt }: ModelRequest): string {
  const said = messages ?? input ?? prompt;
  const opening = Array.isArray(said) ? (said as readonly ChatMessage[]).slice(0, 2) : said;
  return JSON.stringify([instructions, opening])?.slice(0, PREFIX_CHARACTERS) ?? '';
}
