import { OWNERS } from '@sluice/core/routing';
import { z } from 'zod';
import { condition } from './condition.ts';
import { amount, count, flag, names, positive, text } from './values.ts';

const modelOrModels = z.union([text, names.min(1)], { error: 'expected a model, or a list of models' });

/** The model for each level of difficulty, by LiteLLM's names for them. */
export const tiers = z.strictObject({
  SIMPLE: modelOrModels.describe('For greetings and plain questions').optional(),
  MEDIUM: modelOrModels.describe('For what takes some knowledge').optional(),
  COMPLEX: modelOrModels.describe('For code and technical work').optional(),
  REASONING: modelOrModels.describe('For what has to be thought through').optional(),
});

/** How difficulty is judged. */
const scoring = {
  tier_boundaries: z
    .strictObject({ simple_medium: amount.optional(), medium_complex: amount.optional(), complex_reasoning: amount.optional() })
    .refine(({ simple_medium: low = 0.15, medium_complex: middle = 0.35, complex_reasoning: high = 0.6 }) => low <= middle && middle <= high, {
      error: 'the boundaries do not rise; those that are not given are 0.15, 0.35 and 0.6',
    })
    .describe(
      'Of complexity: the score from which on a text is of the next level, as `simple_medium` (0.15), `medium_complex` (0.35), `complex_reasoning` (0.6)',
    )
    .optional(),
  dimension_weights: z
    .strictObject({
      tokenCount: amount.optional(),
      codePresence: amount.optional(),
      reasoningMarkers: amount.optional(),
      technicalTerms: amount.optional(),
      simpleIndicators: amount.optional(),
      multiStepPatterns: amount.optional(),
      questionComplexity: amount.optional(),
    })
    .describe('Of complexity: what each side of a text counts')
    .optional(),
  token_thresholds: z
    .strictObject({ simple: count.optional(), complex: positive.optional() })
    .describe('Of complexity: a text up to `simple` tokens (15) is short, one of `complex` (400) as long as it counts')
    .optional(),
  code_keywords: names.describe("Of complexity: words that tell of code, in place of the gateway's own").optional(),
  reasoning_keywords: names.describe('The same for what has to be thought through').optional(),
  technical_keywords: names.describe('The same for technical terms').optional(),
  simple_keywords: names.describe('The same for what is simple').optional(),
};

export const complexityRouter = z.strictObject({
  tiers: tiers.describe('The model for each level, or a list of which any will do; a level left out is answered by the next higher one'),
  default_model: text.describe('Same as `complexity_router_default_model`').optional(),
  classifier_type: z
    .literal('heuristic', { error: 'only `heuristic`, which asks no model, is there' })
    .describe('`heuristic`: by rules, no model is asked')
    .optional(),
  ...scoring,
});

/** As semantic-router writes its files; what Sluice does not go by is read and left alone. */
export const semanticRouter = z.looseObject({
  encoder_name: text.optional(),
  routes: z.array(z.looseObject({ name: text, utterances: names.min(1), score_threshold: z.number().min(-1).max(1).nullish() })).min(1),
});

const place = z.tuple([z.number().min(-90).max(90), z.number().min(-180).max(180)], { error: 'expected latitude and longitude in degrees' });

/** What any strategy may be told. Which one takes what is checked where it is made. */
export const strategyArgs = z.strictObject({
  lowest_latency_buffer: amount.describe('Of `latency-based-routing`: a deployment counts as faster only by more than this share, such as `0.2`').optional(),
  latency: amount.describe("Of `hybrid`, Sluice's own: how much speed counts").optional(),
  cost: amount.describe("Of `hybrid`, Sluice's own: how much the price counts").optional(),
  load: amount.describe("Of `hybrid`, Sluice's own: how much calls under way count").optional(),
  ttl: positive.describe('Read and left alone: what was measured fades by itself').optional(),
  tiers: tiers.describe('Of `complexity`: the model for each level').optional(),
  default_model: text.describe('Of `complexity`: for levels without a model; of `semantic`: for what is near to no route').optional(),
  ...scoring,
  embedding_model: text.describe('Of `semantic`: the model of this file that makes vectors of texts').optional(),
  routes: z
    .array(z.strictObject({ name: text, utterances: names.min(1), score_threshold: z.number().min(-1).max(1).optional() }))
    .min(1)
    .describe('Of `semantic`: `{ name, utterances, score_threshold }`, `name` being a model')
    .optional(),
  check: z
    .strictObject({ min_characters: count.optional(), json: flag.optional(), without: names.optional(), complete: flag.optional() })
    .describe('Of `cascade`: what an answer has to be: `min_characters`, `json`, `without` these phrases, `complete` (`true`)')
    .optional(),
  order: names.describe('Of `cascade`: who is asked first; by default the cheapest').optional(),
  by: z
    .enum(OWNERS, { error: `expected one of ${OWNERS.join(', ')}` })
    .describe('Of `sticky`: what stays in one place, `session` by default; of `split`: what keeps to its arm')
    .optional(),
  here: z
    .union([text, place], { error: 'expected a region, or latitude and longitude in degrees' })
    .describe('Of `geographic`: where the gateway runs, a region or `[latitude, longitude]`')
    .optional(),
  regions: z.record(z.string(), place).describe('Of `geographic`: where regions of your own are').optional(),
  rules: z
    .array(z.strictObject({ name: text.optional(), when: condition, use: modelOrModels }))
    .min(1)
    .describe('Of `conditional`: `{ when, use, name }`, the first that holds; `when` as in docs/routing.md')
    .optional(),
  otherwise: modelOrModels.describe('Of `conditional`: for calls that no rule holds for').optional(),
  shares: z.record(z.string(), amount).describe('Of `split`: how much each model gets').optional(),
  name: text.describe('Of `split`: tells it from others, so that not the same users are in the first arm everywhere').optional(),
});

export type SemanticRouter = z.infer<typeof semanticRouter>;
export type StrategyArgs = z.infer<typeof strategyArgs>;
export type Scoring = Pick<StrategyArgs, keyof typeof scoring>;
