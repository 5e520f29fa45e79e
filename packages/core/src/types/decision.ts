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

export type DecisionAsked = { readonly group: string; readonly deployment: string; readonly provider: string; readonly model: string };

/** What was set up and does not come to pass for this call, and why in words. */
export type DecisionNot = { readonly because: string };

export type DecisionHedge =
  | {
      /** How long is waited for the first token. */
      readonly afterMs: number;
      /** Who may be asked then: ready, with a free place, at a price that may be paid. */
      readonly deployments: readonly string[];
      /** The most that the second answer may be expected to cost. */
      readonly maxCostUsd?: string;
    }
  | DecisionNot;

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
  /** All that are asked at the same time, where several are: the first to answer wins. */
  readonly together?: readonly DecisionAsked[];
  /** When another one is asked beside one that is slow to begin, where that was set up. */
  readonly hedge?: DecisionHedge;
  /** Who is asked the same once this has been answered, where somebody is. */
  readonly mirror?: { readonly group: string; readonly percent: number } | DecisionNot;
  /** Who can go on with the answer should it break off, where that was set up. */
  readonly resume?: { readonly deployments: readonly string[] } | DecisionNot;
  /** The groups it would go on to, in order, should this one fail. */
  readonly fallbacks: readonly string[];
};
