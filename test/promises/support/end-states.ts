import type { Account, Deployment, Guardrail, ModelGroup } from '@sluice/core';
import { answer, fail, type Script, stream } from '../../governance/support/upstream.ts';
import { groupOf } from './group-of.ts';
import { PAID } from './paid-model.ts';

/** One way in which a call may end. The name is that of its model, too. */
export type EndState = {
  readonly name: string;
  /** What the upstream does with it. */
  readonly script: Script;
  /** What its caller hears: `ok`, or the code of an error. */
  readonly ends: string;
  readonly isStream?: true;
  readonly content?: string;
  readonly accounts?: readonly Account[];
  /** When its caller leaves. */
  readonly leaves?: 'before the answer' | 'inside the stream';
  readonly group?: Partial<ModelGroup>;
  readonly deployment?: Partial<Deployment>;
  /** Output tokens that the upstream is paid for, each time. */
  readonly tokens: number;
};

export const FORBIDDEN = 'forbidden';
const SPARE = 'spare';

export const END_STATES: readonly EndState[] = [
  { name: 'a complete answer', script: answer(), ends: 'ok', tokens: 10 },
  { name: 'a stream with usage', isStream: true, script: stream({ chunks: 10, usage: { prompt_tokens: 1, completion_tokens: 10 } }), ends: 'ok', tokens: 10 },
  { name: 'a refusal by another budget', script: answer(), accounts: [{ kind: 'team', id: 't', budgetNanoUsd: 1 }], ends: 'budget_exceeded', tokens: 0 },
  {
    name: 'a refusal by another limit',
    script: answer(),
    accounts: [{ kind: 'team', id: 'u', limits: { requestsPerMinute: 0 } }],
    ends: 'rate_limited',
    tokens: 0,
  },
  { name: 'a question that a guardrail blocks', script: answer(), content: FORBIDDEN, ends: 'guardrail_blocked', tokens: 0 },
  { name: 'an answer that a guardrail blocks', script: answer(undefined, FORBIDDEN), ends: 'guardrail_blocked', tokens: 10 },
  { name: 'an error upstream', script: fail(400), ends: 'upstream_bad_request', tokens: 0 },
  { name: 'an answer by a fallback', script: fail(500), group: { fallbacks: [SPARE] }, ends: 'ok', tokens: 10 },
  { name: 'a provider that is silent', script: () => undefined, deployment: { timeoutMs: 50 }, ends: 'upstream_timeout', tokens: 0 },
  { name: 'a caller who leaves before the answer', script: () => undefined, leaves: 'before the answer', ends: 'aborted', tokens: 0 },
  {
    name: 'a caller who leaves inside the stream',
    isStream: true,
    // More than the guardrail looks at before it lets anything pass.
    script: stream({ chunks: 100, ending: 'silence' }),
    leaves: 'inside the stream',
    ends: 'aborted',
    tokens: 100,
  },
  { name: 'a stream that breaks off', isStream: true, script: stream({ chunks: 5, ending: 'cut' }), ends: 'upstream_stream_broken', tokens: 5 },
];

const SCRIPTS = new Map<unknown, Script>(END_STATES.map(({ name, script }) => [name, script]));

/** Does for each model what its end state says, and answers all others. */
export const byModel: Script = (request) => (SCRIPTS.get(request.body.model) ?? answer())(request);

/** A group for each end state, and one to fall back on. */
export function groupsOf(baseUrl: string): ModelGroup[] {
  const states: readonly Pick<EndState, 'name' | 'group' | 'deployment'>[] = [{ name: SPARE }, ...END_STATES];
  return states.map(({ name, group, deployment }) => groupOf(name, [baseUrl], group, { model: name, price: PAID, ...deployment }));
}

export const noForbiddenWords: Guardrail = {
  name: 'words',
  check: ({ text }) => (text.includes(FORBIDDEN) ? { action: 'block', reason: 'says what is forbidden' } : { action: 'allow' }),
};
