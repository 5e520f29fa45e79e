// The entry point `@sluice/core/routing`: the strategies, and what one of your own is made of.
export { defineStrategy } from './define-strategy.ts';
export { cascade, type AnswerCheck, type CascadeOptions } from './strategies/cascade.ts';
export { complexity, type ComplexityOptions } from './strategies/complexity.ts';
export {
  type Complexity,
  type ComplexityDimension,
  type ComplexityLevel,
  complexityScorer,
  type ComplexityScoring,
} from './strategies/complexity-score.ts';
export { type Condition, CONDITION_ROOTS, type Test } from './strategies/condition.ts';
export { conditional, type ConditionalOptions, type RoutingRule } from './strategies/conditional.ts';
export { costBased } from './strategies/cost-based.ts';
export { fastestResponse } from './strategies/fastest-response.ts';
export { geographic, type GeographicOptions } from './strategies/geographic.ts';
export { hybrid, type HybridWeights } from './strategies/hybrid.ts';
export { latencyBased, type LatencyOptions } from './strategies/latency-based.ts';
export { leastBusy } from './strategies/least-busy.ts';
export { NAMED_STRATEGIES, namedStrategy } from './strategies/named.ts';
export { type Owner, OWNERS } from './strategies/owner-of.ts';
export type { Place } from './strategies/regions.ts';
export { semantic, type SemanticOptions, type SemanticRoute } from './strategies/semantic.ts';
export { simpleShuffle } from './strategies/simple-shuffle.ts';
export { split, type SplitOptions } from './strategies/split.ts';
export { sticky, type StickyOptions } from './strategies/sticky.ts';
export { usageBased } from './strategies/usage-based.ts';
