import { z } from 'zod';
import { strategyArgs } from './strategy-args.ts';
import { amount, count, flag, percent, positive, text } from './values.ts';

export const hedge = z.strictObject({
  percentile: percent.describe('A second deployment is asked when the first token takes longer than for so many of a hundred calls. Default 95').optional(),
  min_delay: amount.describe('Never sooner than this, in seconds. Default 0.05').optional(),
  max_percent: percent.describe('How many of a hundred calls may be. Default 5').optional(),
  max_cost: amount.describe('USD that a second answer may be expected to cost').optional(),
});

export const mirror = z.strictObject({
  to: text.describe('The model that is asked the same'),
  percent: percent.describe('How many of a hundred calls, by chance. Default 100').optional(),
  max_parallel_requests: positive.describe('Copies under way at the same time; further ones are not made. Default 10').optional(),
  max_budget: amount.describe('USD that all copies together may cost').optional(),
  budget_duration: text.describe('How long that lasts until it starts anew, such as `1d`').optional(),
});

/** What of the router's settings holds for one model otherwise, and what only a single one has. */
export const groupSettings = z.strictObject({
  routing_strategy: text.describe('Who of its deployments is asked first').optional(),
  routing_strategy_args: strategyArgs.describe('What the strategy is told').optional(),
  num_retries: count.describe('Further tries, after the first').optional(),
  hedge: z
    .union([z.literal(false), hedge], { error: 'expected false, or an object such as { max_percent: 5 }' })
    .describe('As `router_settings.hedge`; `false`: never')
    .optional(),
  resume: flag.describe('As `router_settings.resume`').optional(),
  mirror: mirror.describe('A model that is asked the same once a call has been answered, as `silent_model`').optional(),
  hidden: flag.describe('`true`: answers by its name, and stands in no list').optional(),
  blocked: flag.describe('`true`: answers nobody').optional(),
});

export type Mirror = z.infer<typeof mirror>;
export type Hedge = z.infer<typeof hedge>;
