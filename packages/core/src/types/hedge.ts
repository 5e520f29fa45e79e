/** When a second deployment is asked beside one that is slow to begin, and at what price. */
export type HedgeOptions = {
  /** A second deployment is asked when the first token takes longer than it took this many of a hundred calls. Default 95. */
  readonly percentile?: number | undefined;
  /** Never sooner than this, in milliseconds. Default 50. */
  readonly minDelayMs?: number | undefined;
  /** How many of a hundred calls may be asked a second time. Default 5. */
  readonly maxPercent?: number | undefined;
  /** The most that a second answer may be expected to cost, in nano-dollars. Default: whatever it costs. */
  readonly maxCostNanoUsd?: number | undefined;
};
