import type { Operation } from './call.ts';
import type { Principal } from './principal.ts';
import type { ModelRequest } from './chat.ts';
import type { JsonObject, MaybePromise } from './json.ts';
import type { Deployment } from './model.ts';

/** What is known of how busy and how fast a deployment is, as this process has seen it. */
export type Load = {
  /** Calls under way, streams until their last byte. */
  readonly inFlight: number;
  /** Milliseconds to the first event of a stream. Undefined while none was seen. */
  readonly firstTokenMs: number | undefined;
  /** Milliseconds that a complete answer takes, for a hundred output tokens. Undefined while none was seen. */
  readonly answerMs: number | undefined;
  /** Within the last minute. */
  readonly requests: number;
  readonly tokens: number;
};

/** A call as strategies see it. What nobody asks for is not worked out. */
export type RoutedCall = {
  readonly operation: Operation;
  readonly request: ModelRequest;
  readonly principal: Principal | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The request's own `metadata`. */
  readonly metadata: JsonObject;
  readonly tags: readonly string[];
  readonly isStream: boolean;
  /** Names the conversation: the session the caller names, else the end user, else the beginning of the messages with the key. */
  readonly session: string;
  /** What the caller said last. */
  readonly text: string;
  /** A fair guess. */
  readonly inputTokens: number;
  /** At least 0, below 1. */
  readonly random: () => number;
  loadOf(deployment: Deployment): Load;
  /** What this call will cost there in nano-dollars, as well as it can be told; undefined without a price. */
  costAt(deployment: Deployment): number | undefined;
  /** Whether `name` means this deployment: its id, its model, or a group that it belongs to. */
  isNamed(deployment: Deployment, name: string): boolean;
  /** Vectors of texts, by a model of the gateway's own. @throws GatewayError */
  embed(model: string, texts: readonly string[]): Promise<readonly (readonly number[])[]>;
};

/** What an answer says, for a strategy that judges it. */
export type RoutedAnswer = { readonly body: JsonObject; readonly text: string; readonly finishReason: string | undefined };

/** Chooses among deployments that may all answer. Test one by passing `strategyContract` from `@sluice/testing`. */
export type Strategy = {
  readonly name: string;
  /** One of `candidates`, of which there is at least one. Asked again without those that have failed. */
  pick(candidates: readonly Deployment[], call: RoutedCall): MaybePromise<Deployment>;
  /** How little a candidate suits the call: the lowest is picked first. For those that go by one number. */
  score?(deployment: Deployment, call: RoutedCall): number | undefined;
  /** Why it would be picked, in words for `explain`. */
  reason?(deployment: Deployment, call: RoutedCall): MaybePromise<string>;
  /** Whether a complete answer will do; where not, another candidate is asked, and the last one's answer stands. */
  accepts?(answer: RoutedAnswer, call: RoutedCall): MaybePromise<boolean>;
  /** Whether all candidates are asked at the same time, so that the first to answer wins. Not for calls that may not be repeated. */
  readonly asksAll?: boolean;
  /** Whether one call may have to pay for an answer of every candidate. */
  readonly mayAskAll?: boolean;
  /** Whether load has to be measured for it. */
  readonly isMeasured?: boolean;
};
