import type { GatewayError } from '../errors/gateway-error.ts';
import type { Splitter, WireEvent } from '../stream/splitter.ts';
import type { Operation } from '../types/call.ts';
import type { Upload, WholeForm } from '../types/upload.ts';
import type { Usage } from '../types/usage.ts';
import type { Continues } from '../types/continues.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { JsonObject, MaybePromise } from '../types/json.ts';
import type { Deployment, Price } from '../types/model.ts';
import type { ConversationNeed } from './amended-request.ts';
import type { MediaReference } from './media/media-parts.ts';

/** One call as a mapping sees it. */
export type ProviderCall = {
  readonly operation: Operation;
  /** With the deployment's defaults filled in. `model` is still the name the caller used. */
  readonly request: ModelRequest;
  readonly deployment: Deployment;
  /** The caller's own bytes, when `request` is exactly what they say. */
  readonly received?: Uint8Array | undefined;
  readonly upload?: Upload | undefined;
  /** All of {@link upload}, for a mapping that {@link Mapping.readsForm}. */
  readonly form?: WholeForm | undefined;
};

export type WireBody = string | Uint8Array | AsyncIterable<Uint8Array>;

/** One HTTP call to a provider: fully described, not yet sent. Header names in lower case. */
export type WireRequest = {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: WireBody;
};

export type WireResponse = {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Its `return()` closes the connection: nobody wants the rest. */
  readonly body: AsyncIterableIterator<Uint8Array>;
};

export type SendOptions = {
  readonly signal: AbortSignal;
  /** Longest wait for the head of the answer. */
  readonly timeoutMs: number;
  /** Longest silence inside the answer. */
  readonly idleTimeoutMs: number;
};

/** What a provider that does its own sending is told besides: the call that the request was made of, unless it is a probe. */
export type OwnSendOptions = SendOptions & { readonly call?: ProviderCall };

/** An answer that is not a success, or an error that came inside one. */
export type WireError = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
};

/** The next question about a job. */
export type FollowUp = {
  readonly wire: WireRequest;
  /** How long to wait before, in milliseconds. */
  readonly afterMs: number;
  /** What ends the job, for when nobody waits for it any more. Names an origin that may be followed to. */
  readonly cancel?: WireRequest;
};

/** Bytes out of a JSON answer. */
export type WrappedBytes = { readonly contentType: string; readonly bytes: Uint8Array; readonly usage?: Usage | undefined };

/**
 * How one provider does one operation. Pure functions only, so that recordings are the whole test set-up.
 *
 * The canonical shape is OpenAI's. Where a provider answers in it already, leave `toReply` and `toChunks`
 * out, and its bytes pass through untouched.
 */
export type Mapping = {
  toRequest(call: ProviderCall): WireRequest;
  /** What the API refuses a conversation for. A deployment whose rules say `modify` has it amended before `toRequest`. */
  readonly needs?: readonly ConversationNeed[];
  /**
   * Which http(s) addresses of images, documents and so on the provider does not read by itself. They are fetched
   * before {@link toRequest}, which finds data URLs in their place (`file_data`, where a file was named).
   */
  needsBytes?(reference: MediaReference, call: ProviderCall): boolean;
  /** Whether a form is taken apart here, and not sent on as one: then it is held as a whole, and `request` has all of its fields. */
  readonly readsForm?: boolean;
  /** The provider's body in the canonical shape. */
  toReply?(body: unknown, call: ProviderCall): JsonObject;
  /**
   * What to ask next, where the answer is only that of a job under way or names the place of its result; nothing where
   * `body` is the answer. Asked of every answer in JSON until then, within the time that a deployment has to answer.
   */
  follow?(body: unknown, call: ProviderCall): FollowUp | undefined;
  /**
   * Origins that {@link follow} may lead to besides that of the request, such as `https://*.example.com`. The
   * provider's signature stays at home.
   */
  readonly followsTo?: readonly string[];
  /**
   * A fresh splitter for a stream of this content type (lower case, without parameters), where the provider does not
   * frame it as server-sent events. Asked where a stream was asked for. Its events have to hold JSON objects; one
   * named `error` is an error.
   */
  framing?(contentType: string, maxEventBytes: number): Splitter | undefined;
  /**
   * A fresh mapper for one stream: an event in, canonical chunks out, or `undefined` where the event is one already.
   * A chunk of the form `{ object: 'usage', usage }` tells the totals so far, and goes into the books only: callers
   * add up what they are told.
   */
  toChunks?(call: ProviderCall): (event: WireEvent) => readonly JsonObject[] | undefined;
  /**
   * What the call used, read from a canonical reply, chunk or event. Asked with an empty object for an answer in
   * bytes, where only the request can tell. Default: OpenAI's `usage`.
   */
  toUsage?(reply: JsonObject, call: ProviderCall): Usage | undefined;
  /** Whether this event is the provider's word that the stream is complete. Default: only `[DONE]`, which always is. */
  isEnd?(event: WireEvent): boolean;
  /** Whether an answer that is not JSON is the answer (speech, subtitles), and not a fault; `always`: whatever it is (files). */
  answersBytes?: boolean | 'always';
  /** Where the bytes are JSON lines: how each line is in the canonical shape. */
  toLine?(call: ProviderCall): ((line: JsonObject) => JsonObject) | undefined;
  /** Whether a batch is begun with its requests (`lines` of the request) and not with the file that they stand in. */
  readonly takesLines?: boolean;
  /** The bytes that a JSON answer wraps or is to become, and what they used if it says; nothing where this call is answered in JSON. */
  toBytes?(body: unknown, call: ProviderCall): WrappedBytes | undefined;
  /**
   * Whether pictures come by address, whatever was asked for. Those who ask for bytes (`b64_json`) get them fetched,
   * by the same door as addresses of callers.
   */
  readonly answersByAddress?: boolean;
  /** The canonical answer that an answer in bytes is, where the operation answers with JSON (a picture). Not asked of JSON. */
  fromBytes?(answer: { readonly contentType: string; readonly bytes: Uint8Array }, call: ProviderCall): JsonObject;
  /**
   * Whether the provider goes on with a message of the assistant that ends the conversation, and how: with only what
   * comes after it, or with the whole of it once more. Such a message comes with `prefix: true`. Default: it does not.
   */
  continues?(deployment: Deployment): Continues | undefined;
  /** Says what went wrong, and through `retryable` whether another try may do better. */
  toError(error: WireError, call: ProviderCall): GatewayError;
};

/**
 * A company's API and how to speak it: one mapping an operation.
 *
 * Test it by passing `providerContract` from `@sluice/testing`.
 */
export type Provider = {
  readonly name: string;
  readonly operations: Readonly<Partial<Record<Operation, Mapping>>>;
  /** How this deployment is spoken to, at hosts that have models of several makers. Default: by `operations`. */
  operationsOf?(deployment: Deployment): Provider['operations'];
  /** For providers that sign the finished request. */
  sign?(wire: WireRequest, deployment: Deployment): MaybePromise<WireRequest>;
  /** In place of the network, for providers that are not behind one. What it answers is read like any other answer. */
  send?(wire: WireRequest, options: OwnSendOptions): Promise<WireResponse>;
  /**
   * A request that shows, at no cost, whether a deployment can be reached and takes its credential.
   * `undefined` where there is nothing to ask. Default: whether its `baseUrl` answers at all.
   */
  probe?(deployment: Deployment): WireRequest | undefined;
  /** What would keep this deployment from being called, in sentences, so that it is told at start-up. */
  problemsOf?(deployment: Deployment): readonly string[];
  /** Prices this provider knows better than the catalogue. */
  priceOf?(model: string): Price | undefined;
};

/** Types a provider as it is written. */
export function defineProvider(provider: Provider): Provider {
  return provider;
}

/**
 * What a provider package exports as `provider`, so that it can be found in a host's dependencies,
 * enabled by what is in the environment, and named in a configuration file.
 */
export type ProviderPackage = {
  /** Every provider in the package, whatever the environment holds. Each knows its own default base URL. */
  readonly providers: readonly Provider[];
  /** Serves only where no other provider was found, and never in production: for trying the gateway out. */
  readonly isStandIn?: boolean;
  /** Knows many providers a little: where another package brings one of the same name, that one is used. */
  readonly givesWay?: boolean;
  /** Providers whose credentials (or whose consent to run without) are in `env`, each with the models it brings. */
  discover(env: Readonly<Record<string, string | undefined>>): readonly DiscoveredProvider[];
};

export type DiscoveredProvider = {
  readonly provider: Provider;
  readonly deployment: Pick<Deployment, 'baseUrl' | 'apiKey' | 'options'>;
  /** Names callers use without the provider's in front, such as `gpt-*`; one without a wildcard is what examples show. `provider/*` is always served. */
  readonly models?: readonly string[];
};
