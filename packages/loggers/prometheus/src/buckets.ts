/** Seconds, as LiteLLM has them, so that what is drawn of its histograms can be drawn of these. */
export const LITELLM_BOUNDS: readonly number[] = [
  0.005,
  0.00625,
  0.0125,
  0.025,
  0.05,
  0.1,
  0.5,
  ...Array.from({ length: 19 }, (_, index) => 1 + index / 2),
  15,
  20,
  25,
  30,
  60,
  120,
  180,
  240,
  300,
];

/** Seconds. */
export const BOUNDS: readonly number[] = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** Seconds that the gateway itself takes. */
export const OVERHEAD_BOUNDS: readonly number[] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1];
