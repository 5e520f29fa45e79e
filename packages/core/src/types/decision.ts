import type { Operation } from './call.ts';

/** One deployment, as the router sees it for one call. */
export type DecisionCandidate = {
  readonly deployment: string;
  readonly provider: string;
  readonly model: string;
  /** `chosen`: asked first. `standby`: asked should that fail. `resting`: has just failed, and goes last. `removed`: is not asked. */
  readonly status: 'chosen' | 'standby' | 'resting' | 'removed';
  /** The rule that removed it, and why in words. */
  readonly removedBy?: string;
  readonly because?: string;
  /** How little it suits, by the strategy: the lowest goes first. */
  readonly score?: number;
  /** What the call is expected to cost there, in dollars. */
  readonly expectedCostUsd?: string;
  readonly inFlight?: number;
};

/** How a call would be routed now, and why. */
export type Decision = {
  readonly object: 'routing.decision';
  /** As asked for. */
  readonly requested: string;
  readonly operation: Operation;
  readonly group: string;
  readonly strategy: string;
  /** Where it would go: nothing when nobody may answer. */
  readonly provider: string | undefined;
  readonly model: string | undefined;
  readonly deployment: string | undefined;
  readonly reason: string;
  readonly candidates: readonly DecisionCandidate[];
  /** The groups it would go on to, in order, should this one fail. */
  readonly fallbacks: readonly string[];
};
