import type { ModelGroup } from '@sluice/core';

export type RandomGraph = {
  readonly groups: readonly ModelGroup[];
  readonly retries: number;
  readonly maxFallbacks: number;
  /** How the deployments of a group fail, by the name of their model. */
  readonly statusOf: (model: string) => { readonly status: number; readonly error: object };
};

type Random = () => number;

/** Failures after which another group may be asked, and each of which may call for fallbacks of its own kind. */
const FAILURES = [
  { status: 500, error: { error: { message: 'failed' } } },
  { status: 503, error: { error: { message: 'overloaded' } } },
  { status: 429, error: { error: { message: 'slow down' } } },
  { status: 401, error: { error: { message: 'who are you' } } },
  { status: 400, error: { error: { message: 'too long', code: 'context_length_exceeded' } } },
  { status: 400, error: { error: { message: 'no', code: 'content_policy_violation' } } },
] as const;

/** Groups that fall back on each other and on themselves at random, deployments and limits included. */
export function randomGraph(random: Random): RandomGraph {
  const upTo = (most: number): number => Math.floor(random() * (most + 1));
  const names = Array.from({ length: 1 + upTo(7) }, (_, index) => `g${index}`);
  const some = (): string[] => Array.from({ length: upTo(4) }, () => names[upTo(names.length - 1)] ?? '');
  const failures = new Map(names.map((name) => [name, FAILURES[upTo(FAILURES.length - 1)] ?? FAILURES[0]]));
  const groups = names.map((name): ModelGroup => {
    const deployments = Array.from({ length: 1 + upTo(2) }, (_, index) => ({ id: `${name}-${index}`, provider: 'upstream', model: name }));
    return {
      name,
      deployments,
      fallbacks: some(),
      ...(random() < 0.5 && { contextFallbacks: some() }),
      ...(random() < 0.5 && { contentPolicyFallbacks: some() }),
    };
  });
  return { groups, retries: upTo(3), maxFallbacks: upTo(8), statusOf: (model) => failures.get(model) ?? FAILURES[0] };
}
