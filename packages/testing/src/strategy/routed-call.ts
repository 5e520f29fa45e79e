import type { Deployment, Load, RoutedCall } from '@sluice/core';

export type RoutedCallOptions = Partial<Omit<RoutedCall, 'loadOf' | 'costAt' | 'isNamed' | 'embed'>> & {
  readonly loads?: Readonly<Record<string, Partial<Load>>>;
  /** Nano-dollars, by the id of the deployment. */
  readonly costs?: Readonly<Record<string, number>>;
  /** The ids of the deployments behind names of groups. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly vectors?: (text: string) => readonly number[];
};

const IDLE: Load = { inFlight: 0, firstTokenMs: undefined, answerMs: undefined, requests: 0, tokens: 0 };

/** A call for strategies to choose by, about which nothing is known but what is said here. */
export function routedCall({ loads = {}, costs = {}, groups = {}, vectors, ...said }: RoutedCallOptions = {}): RoutedCall {
  return {
    operation: 'chat',
    request: { model: 'm', messages: [{ role: 'user', content: said.text ?? 'hi' }] },
    principal: undefined,
    headers: {},
    metadata: {},
    tags: [],
    isStream: false,
    session: 'session-1',
    text: 'hi',
    inputTokens: 10,
    random: Math.random,
    ...said,
    loadOf: ({ id }) => ({ ...IDLE, ...loads[id] }),
    costAt: ({ id }) => costs[id],
    isNamed: (deployment, name) => namesOf(deployment).includes(name) || groups[name]?.includes(deployment.id) === true,
    embed: (_, texts) => (vectors ? Promise.resolve(texts.map(vectors)) : Promise.reject(new Error('There are no vectors here'))),
  };
}

function namesOf({ id, model, provider }: Deployment): string[] {
  return [id, model, `${provider}/${model}`];
}
