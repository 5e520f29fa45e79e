import { z } from 'zod';
import { amount, names, positive, text } from './values.ts';

const modelOrModels = z.union([text, names.min(1)], { error: 'expected a model, or a list of models' });

/** The model for each level of difficulty, by LiteLLM's names for them. */
export const tiers = z.strictObject({
  SIMPLE: modelOrModels.describe('For greetings and plain questions').optional(),
  MEDIUM: modelOrModels.describe('For what takes some knowledge').optional(),
  COMPLEX: modelOrModels.describe('For code and technical work').optional(),
  REASONING: modelOrModels.describe('For what has to be thought through').optional(),
});

export const complexityRouter = z.strictObject({
  tiers: tiers.describe('The model for each level, or a list of which any will do; a level left out is answered by the next higher one'),
  default_model: text.describe('Same as `complexity_router_default_model`').optional(),
  classifier_type: z
    .literal('heuristic', { error: 'only `heuristic`, which asks no model, is there' })
    .describe('`heuristic`: by rules, no model is asked')
    .optional(),
});

/** As semantic-router writes its files; what Sluice does not go by is read and left alone. */
export const semanticRouter = z.looseObject({
  encoder_name: text.optional(),
  routes: z.array(z.looseObject({ name: text, utterances: names.min(1), score_threshold: z.number().min(-1).max(1).nullish() })).min(1),
});

export const strategyArgs = z.strictObject({
  lowest_latency_buffer: amount.describe('Of `latency-based-routing`: a deployment counts as faster only by more than this share, such as `0.2`').optional(),
  latency: amount.describe("Of `hybrid`, Sluice's own: how much speed counts").optional(),
  cost: amount.describe("Of `hybrid`, Sluice's own: how much the price counts").optional(),
  load: amount.describe("Of `hybrid`, Sluice's own: how much calls under way count").optional(),
  ttl: positive.describe('Read and left alone: what was measured fades by itself').optional(),
});

export type SemanticRouter = z.infer<typeof semanticRouter>;
export type StrategyArgs = z.infer<typeof strategyArgs>;
