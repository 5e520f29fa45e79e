import type { Check } from './check.ts';

/** What a proof is given. */
export type Run = {
  /** Whether it runs as one test among others and not at the size that the promise asks for. */
  readonly isShort: boolean;
  /** One or the other. */
  scaled(full: number, short: number): number;
  readonly seed: number;
  /** From 0 to below 1, made anew from the seed for each proof. */
  readonly random: () => number;
};

/** What one experiment has shown. */
export type Evidence = {
  /** What was done, in a few words: `two gateways over one Redis, one of two deployments killed`. */
  readonly test: string;
  /** How often. */
  readonly n: number;
  readonly checks: readonly Check[];
};

/** A program that shows that a promise is kept. Lies in the folder of its area, alone in its file, as `proof`. */
export type Proof = {
  /** As `P26`. */
  readonly id: string;
  readonly promise: string;
  /** What is missing on this machine for it, in words; nothing when it can run. */
  lacks?(): string | undefined;
  /** Throws when the experiment itself fails. Leaves nothing running. */
  prove(run: Run): Promise<readonly Evidence[]>;
};
