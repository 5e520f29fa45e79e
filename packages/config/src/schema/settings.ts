import { z } from 'zod';
import { access, providerBudget, userLimits } from './access-settings.ts';
import { length, rulesForNew } from './declared-lists.ts';
import { allowedFailsFor, retriesFor } from './failure-policies.ts';
import { groupSettings, hedge } from './group-settings.ts';
import { jwtAuth } from './jwt-auth.ts';
import { litellmParams } from './model-list.ts';
import { parameterRules } from './parameter-rules.ts';
import { FILE_STRATEGIES } from '../strategy-makers.ts';
import { strategyArgs } from './strategy-args.ts';
import { amount, count, fallbackLists, flag, names, positive, share, text } from './values.ts';

const redis = {
  redis_host: text.describe('Same as `cache_params.host`').optional(),
  redis_port: count.describe('Same as `cache_params.port`').optional(),
  redis_password: text.describe('Same as `cache_params.password`').optional(),
  redis_db: count.describe('Number of the database. Default 0').optional(),
  redis_url: text.describe('All of it: `redis://user:password@host:port/db`, `rediss://` for TLS').optional(),
};

const aliasObject = z.strictObject({
  model: text.or(names.min(1)),
  hidden: flag.optional(),
  routing_strategy: text.optional(),
  routing_strategy_args: strategyArgs.optional(),
});

export const routerSettings = z.strictObject({
  ...redis,
  provider_budget_config: z
    .record(z.string(), providerBudget)
    .describe('What may be spent at a provider, `{ PROVIDER: { budget_limit, time_period } }`; then calls go elsewhere')
    .optional(),
  routing_strategy: text.describe(`Who is asked first: ${FILE_STRATEGIES.map((name) => `\`${name}\``).join(', ')}; see docs/routing.md`).optional(),
  routing_strategy_args: strategyArgs.describe('What the strategy is told').optional(),
  optional_pre_call_checks: names
    .describe(
      '`enforce_model_rate_limits`: `rpm` and `tpm` of deployments are ceilings, over all instances with one store; `prompt_caching`, `session_affinity`, `deployment_affinity`, `responses_api_deployment_check`: as `routing_strategy: sticky`',
    )
    .optional(),
  enable_pre_call_checks: flag.describe('`true`, which is how it is: what a model cannot read or write is asked of another one first').optional(),
  model_group_alias: z
    .record(
      z.string(),
      z.union([text, names, aliasObject], { error: 'expected a model, a list of models, or { model, hidden, routing_strategy, routing_strategy_args }' }),
    )
    .describe(
      'Other names for models; a list answers as one group. `{ model, hidden: true }` stands in no list, and `routing_strategy` with its `routing_strategy_args` says who of them is asked',
    )
    .optional(),
  fallbacks: fallbackLists.describe('Models to try, in order, when a model has failed').optional(),
  fallback_models: fallbackLists.describe('Same as `fallbacks`').optional(),
  context_window_fallbacks: fallbackLists.describe('Models to try before those when a request is too long').optional(),
  content_policy_fallbacks: fallbackLists.describe('Models to try when a provider refuses what was said; otherwise none is').optional(),
  max_fallbacks: count.describe('Models that one call goes on to, at most').optional(),
  allowed_fails: count.describe('Failures within a minute that are borne before a deployment is passed over').optional(),
  cooldown_time: amount.describe('How long a deployment that failed is passed over, in seconds').optional(),
  disable_cooldowns: flag.describe('`true`: no deployment is passed over').optional(),
  enable_tag_filtering: flag.describe('Whether the tags of a call have to meet those of a deployment').optional(),
  tag_filtering_match_any: flag.describe('`false`: all of the tags, and not any').optional(),
  enable_fallbacks: flag.describe('`false` leaves all fallbacks out').optional(),
  resume: flag.describe("Sluice's own: `true` has another answer go on with a stream that breaks off; see docs/routing.md").optional(),
  hedge: hedge.describe("Sluice's own: whether a second deployment is asked beside one that is slow to begin a stream").optional(),
  model_group_settings: z
    .record(z.string(), groupSettings)
    .describe(
      "Sluice's own: what holds for single models, `{ MODEL: { routing_strategy, routing_strategy_args, num_retries, hedge, resume, mirror, hidden, blocked } }`; see docs/routing.md",
    )
    .optional(),
  default_group: text.describe("Sluice's own: the model that answers for names which mean nothing").optional(),
  default_provider: text.describe("Sluice's own: the provider of such names: `gpt-5` is then `openai/gpt-5`, where a model covers that").optional(),
  default_priority: z.coerce.number().describe('Of calls that wait and do not say: lower goes sooner. Default 0').optional(),
  queue: z
    .strictObject({
      max_length: count.describe('Calls that wait at the same time; 0 refuses at once. Default 100').optional(),
      max_wait: amount.describe('Seconds that one waits at most. Default 30').optional(),
    })
    .describe("Sluice's own: calls that wait while every deployment has as many under way as it may")
    .optional(),
  deadline: positive.describe("Sluice's own: longest time for a call with all its tries, waits and fallbacks, in seconds").optional(),
  share_cooldowns: flag.describe("Sluice's own: `false`: instances with one store do not tell each other who has failed").optional(),
  idle_timeout: positive.describe("Sluice's own: longest silence inside an answer, in seconds").optional(),
  connect_timeout: positive.describe("Sluice's own: longest wait for a connection to a provider, in seconds").optional(),
  stream_head_after: z
    .union([z.literal(false), amount])
    .describe("Sluice's own: seconds after which the head of a stream leaves although nothing has come yet; `false`: never. Default 10")
    .optional(),
  default_fallbacks: names.describe('For models without fallbacks of their own').optional(),
  num_retries: count.describe('Further tries within one model, after the first').optional(),
  retry_after: amount.describe('Shortest wait before another try, in seconds').optional(),
  retry_policy: z
    .strictObject({
      max_retries: count.describe('Same as `num_retries`').optional(),
      base_delay: amount.describe('Wait before the first further try, in seconds; it doubles each time').optional(),
      max_delay: amount.describe('Longest such wait, in seconds').optional(),
      ...retriesFor,
    })
    .describe('How often and how soon to try again')
    .optional(),
  model_group_retry_policy: z
    .record(z.string(), z.strictObject(retriesFor))
    .describe('How often to try again for single models, by kind of failure')
    .optional(),
  allowed_fails_policy: z.strictObject(allowedFailsFor).describe('As `allowed_fails`, by kind of failure').optional(),
  timeout: positive.describe("Longest wait for the head of a provider's answer, in seconds").optional(),
  stream_timeout: positive.describe('Longest wait for the first event of a stream, in seconds, for deployments that do not say').optional(),
  default_max_parallel_requests: positive.describe('Calls under way at a deployment that does not say').optional(),
  // In a pipe, so that its keys are not listed a second time.
  default_litellm_params: z
    .preprocess((value) => value, litellmParams.partial())
    .describe('`litellm_params` for entries that do not set them')
    .optional(),
});

const cacheParams = z.strictObject({
  type: text.describe('`local`: in this process; `redis`: shared by all processes, and limits and budgets with it').optional(),
  host: text.describe('Of Redis or Valkey. Default: `REDIS_URL`, `REDIS_HOST`').optional(),
  port: count.describe('Default: `REDIS_PORT`, then 6379').optional(),
  username: text.describe('Default: `REDIS_USERNAME`').optional(),
  password: text.describe('Default: `REDIS_PASSWORD`').optional(),
  url: text.describe("Sluice's own: all of it").optional(),
  ssl: flag.describe('Whether by TLS').optional(),
  namespace: text.describe('Stands before every key. Default `sluice`').optional(),
  ttl: positive.describe('How long an answer is kept, in seconds').optional(),
  supported_call_types: names.describe("Operations to cache, by our names or LiteLLM's").optional(),
});

/** Written under `litellm_settings` and under `general_settings` alike. */
const either = {
  cache: flag.describe('Exact answers again for exact requests of the same tenant').optional(),
  cache_params: cacheParams.describe('How').optional(),
  cache_type: text.describe('Same as `cache_params.type`').optional(),
  redis_host: text.describe('Same as `cache_params.host`').optional(),
  redis_port: count.describe('Same as `cache_params.port`').optional(),
  max_budget: amount.describe('USD that all calls together may cost').optional(),
  budget_duration: text.describe('How long `max_budget` lasts until it starts anew, such as `1d`, `1w` or `1mo`. Default: it never does').optional(),
  success_callback: names.describe('Where call records go: names of logger packages').optional(),
  failure_callback: names.describe('Same as `success_callback`: records of failures go where all records go').optional(),
  callbacks: names.describe('Same as `success_callback`').optional(),
  num_retries: count.describe('Same as `router_settings.num_retries`').optional(),
  fallbacks: fallbackLists.describe('Same as `router_settings.fallbacks`').optional(),
  context_window_fallbacks: fallbackLists.describe('Same as `router_settings.context_window_fallbacks`').optional(),
  content_policy_fallbacks: fallbackLists.describe('Same as `router_settings.content_policy_fallbacks`').optional(),
  allowed_fails: count.describe('Same as `router_settings.allowed_fails`').optional(),
  default_fallbacks: names.describe('Same as `router_settings.default_fallbacks`').optional(),
  request_timeout: positive.describe('Same as `router_settings.timeout`').optional(),
};

export const litellmSettings = z.strictObject({
  ...either,
  ...parameterRules,
  ...rulesForNew,
  priority_reservation: z
    .record(text, share)
    .describe('How much of a model each `priority` in the metadata of keys may use once it is nearly full, such as `{ prod: 0.8, dev: 0.1 }`')
    .optional(),
  priority_reservation_settings: z
    .strictObject({
      default_priority: share.describe('The share of all others. Default 0.5').optional(),
      saturation_threshold: share.describe('How full it has to be. Default 0.8').optional(),
    })
    .describe('Of those shares')
    .optional(),
  tag_budget_config: z
    .record(text, z.strictObject({ max_budget: amount.describe('USD').optional(), budget_duration: length.describe('How long it lasts').optional() }))
    .describe('Budgets of tags, `{ TAG: { max_budget, budget_duration } }`: the same as `tags`')
    .optional(),
  blocked_user_list: names.describe('End users whose calls are refused: the same as `customers` that are `blocked`').optional(),
  max_internal_user_budget: amount.describe('USD that each user may spend who has no budget of their own').optional(),
  internal_user_budget_duration: text.describe('How long that lasts').optional(),
  max_end_user_budget: amount.describe('USD that may be spent for each end user without a budget of their own').optional(),
  end_user_budget_duration: text.describe("Sluice's own: how long that lasts. Default `1mo`").optional(),
  banned_keywords_list: names.describe('Words refused in questions and answers, by the guardrail `keywords`').optional(),
  service_callback: names.describe('Same as `callbacks`; `prometheus_system` means `prometheus`').optional(),
  service_callbacks: names.describe('Same as `service_callback`').optional(),
  enable_prometheus_metrics: flag.describe('`true`: same as `callbacks: ["prometheus"]`').optional(),
  require_auth_for_metrics_endpoint: flag.describe('`false` lets everybody read `/metrics`. Default `true`: administrators').optional(),
  log_messages: flag.describe("Sluice's own: `true` tells callbacks what was asked and answered").optional(),
  turn_off_message_logging: flag.describe('`false`: same as `log_messages: true`').optional(),
  llamaguard_model_name: text
    .describe(
      'The model that `llamaguard_moderations` asks: of the file, or `provider/model`. Default: the Llama Guard of the file, or `llama-guard3` of its Ollama',
    )
    .optional(),
  moderation_confidence_threshold: share
    .describe("Sluice's own: from which score on `openai_moderations` refuses. Default: where the provider flags it")
    .optional(),
});

export const generalSettings = z.strictObject({
  ...either,
  master_key: text.describe("The administrator's key").optional(),
  max_request_size_mb: positive.describe('Longest request body, in MiB').optional(),
  takes_foreign_file_ids: flag
    .describe("Sluice's own: whether requests may name files by a provider's own ids, which whoever knows one may use; default true")
    .optional(),
  max_file_size_mb: positive.describe("Sluice's own: longest upload to `/v1/files`, in MiB").optional(),
  max_response_size_mb: positive.describe('Longest complete answer of a provider, in MiB').optional(),
  rpm_limit: count.describe('Calls a minute, for each key without a limit of its own').optional(),
  tpm_limit: count.describe('Tokens a minute, for each key without a limit of its own').optional(),
  default_max_requests_per_minute: count.describe('Same as `rpm_limit`').optional(),
  default_max_tokens_per_minute: count.describe('Same as `tpm_limit`').optional(),
  max_parallel_requests: count.describe('Calls at the same time, for each key without a limit of its own').optional(),
  global_max_parallel_requests: count.describe('Calls at the same time, all keys together').optional(),
  cost_per_token: z.record(z.string(), amount).describe('USD a token, in and out, by `provider/model` or model name').optional(),
  ...access,
  budget_reset_at: text.describe('Time of day, as `HH:MM`, at which the days, weeks and months of budgets begin. Default `00:00`').optional(),
  budget_time_zone: text.describe("Sluice's own: the IANA zone of that time. Default `UTC`").optional(),
  budget_alert_threshold: z
    .union([amount, z.array(amount)])
    .describe('Shares of every budget, such as `0.8`, of which is told; a list names several')
    .optional(),
  moderation_model: text
    .describe('The model that `openai_moderations` asks. Default `omni-moderation-latest`, with the key of an OpenAI model of the file')
    .optional(),
  alerting: names.describe('Who is told of failures, slow calls, budgets and outages: `slack`').optional(),
  alert_types: names
    .describe('Of what: `llm_exceptions`, `llm_too_slow`, `budget_alerts`, `outage_alerts`, `cooldown_deployment`. Default: all of them')
    .optional(),
  alerting_threshold: positive.describe('From when on a call was slow, in seconds. Default 300').optional(),
  alert_to_webhook_url: z.record(z.string(), text).describe('Other webhooks than `SLACK_WEBHOOK_URL`, by type of alert').optional(),
  max_budget_per_team: amount.describe('USD a month that each team may spend which has no budget of its own').optional(),
  user_rate_limit: z
    .record(z.string(), userLimits)
    .describe('Limits of single users, `{ USER: { rpm, tpm, max_parallel_requests } }`: the user of the key, or else whom the request names')
    .optional(),
  database_url: text.describe('Same as `database.url`. Default, for the command: `DATABASE_URL`').optional(),
  salt_key: text.describe("Sluice's own: what hashes of keys are made with. Default: `SLUICE_SALT_KEY`, `LITELLM_SALT_KEY`, then the master key").optional(),
  former_salt_keys: names
    .describe(
      "Sluice's own: what `salt_key` was before, while what was made with it is made anew; see docs/management.md. Default: `SLUICE_FORMER_SALT_KEYS`, by commas",
    )
    .optional(),
  background_health_checks: flag.describe('Whether deployments are asked in the background how they are, at no cost').optional(),
  health_check_interval: positive.describe('How often, in seconds. Default 300').optional(),
  health_check_timeout: positive.describe("Sluice's own: longest wait for one, in seconds. Default 5").optional(),
  billed_health_checks: flag.describe("Sluice's own: `true` asks by the shortest call there is, which is recorded and paid for").optional(),
  background_batch_checks: flag
    .describe("Sluice's own: whether batches that nobody asks about are looked at, so that they are charged when they have ended; default true")
    .optional(),
  batch_check_interval: positive.describe("Sluice's own: how often, in seconds. Default 600").optional(),
  batch_overdue_after: amount
    .describe(
      "Sluice's own: how long after its completion window a batch is waited for, in seconds; then it is charged with the most it may cost. Default 90000",
    )
    .optional(),
  store_model_in_db: flag.describe('`true`: models that the directory keeps are called too, at every provider that is installed').optional(),
  enable_jwt_auth: flag.describe('`true` lets callers in by tokens of a provider of identities, checked by `@sluice/identity-jwt`').optional(),
  litellm_jwtauth: jwtAuth.describe('Which tokens, and whom they name').optional(),
  track_spend: flag.describe('`true`, which is how it is: every call record has its cost').optional(),
  unpriced: z.enum(['refuse', 'allow']).describe("Sluice's own: a model without a price while a budget is in force").optional(),
});

export type RouterSettings = z.infer<typeof routerSettings>;
