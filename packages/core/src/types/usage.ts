/** What a call used, and on what terms where its price depends on them. */
export type Usage = UsageCounts & {
  /** In which service tier it was served, where that is not the usual one: `flex`, `priority`, `batch`, … */
  readonly serviceTier?: string;
  /** How much each search brought, where that is not `medium`. */
  readonly webSearchSize?: 'low' | 'high';
  /** What the provider itself says that the call costs, in nano-dollars. It is what the call costs where its model has no price. */
  readonly reportedCostNanoUsd?: number;
};

/** Input and output counts include their parts: cached, cache-written, audio and image input; reasoning, audio and image output. */
export type UsageCounts = {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens?: number;
  /** Parts of the cached ones, and of the audio and image ones. */
  readonly cachedAudioInputTokens?: number;
  readonly cachedImageInputTokens?: number;
  readonly cacheWriteInputTokens?: number;
  /** Those of the cache-written ones that are kept for an hour and longer. */
  readonly hourCacheWriteInputTokens?: number;
  readonly audioInputTokens?: number;
  readonly imageInputTokens?: number;
  readonly reasoningTokens?: number;
  readonly audioOutputTokens?: number;
  readonly imageOutputTokens?: number;
  /** Beside the output: what an answer cites, where that is billed. */
  readonly citationTokens?: number;
  readonly images?: number;
  readonly seconds?: number;
  readonly characters?: number;
  /** As rerankers bill: one for a query with up to a hundred documents. */
  readonly searchUnits?: number;
  /** Of a document that was read, and of those the ones that were described as well. */
  readonly pages?: number;
  readonly annotatedPages?: number;
  /** Made by the provider on the model's behalf. */
  readonly webSearches?: number;
};
