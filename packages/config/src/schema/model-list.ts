import { z } from 'zod';
import { parameterRules } from './parameter-rules.ts';
import { CLOUD_OPTIONS, CLOUD_SECRETS, cloudOptions } from './cloud-options.ts';
import { complexityRouter, semanticRouter } from './strategy-args.ts';
import { amount, count, flag, positive, text } from './values.ts';

/** Fields of a request that a deployment may set for callers who do not. */
export const REQUEST_FIELD_NAMES = [
  'temperature',
  'top_p',
  'max_tokens',
  'max_completion_tokens',
  'n',
  'stop',
  'seed',
  'presence_penalty',
  'frequency_penalty',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'response_format',
  'tools',
  'tool_choice',
  'parallel_tool_calls',
  'reasoning_effort',
  'verbosity',
  'service_tier',
  'store',
  'metadata',
  'modalities',
  'audio',
  'prediction',
  'web_search_options',
  'stream_options',
  'user',
  'top_k',
  'min_p',
  'repetition_penalty',
  'thinking',
  'dimensions',
  'encoding_format',
  'voice',
  'speed',
  'language',
  'size',
  'quality',
  'style',
  'background',
] as const;

type RequestField = (typeof REQUEST_FIELD_NAMES)[number];

const requestFields = Object.fromEntries(
  REQUEST_FIELD_NAMES.map((name) => [name, z.unknown().describe('Default for requests that do not set it').optional()]),
) as Record<RequestField, z.ZodOptional<z.ZodUnknown>>;

/** What such a part costs on other terms; each default is the part itself. */
const TERMS = {
  _above_128k_tokens: 'in calls with more than 128,000 input tokens',
  _above_200k_tokens: 'in calls with more than 200,000 input tokens',
  _above_272k_tokens: 'in calls with more than 272,000 input tokens',
  _flex: 'in the service tier `flex`',
  _priority: 'in the service tier `priority`',
  _batches: 'in batches',
} as const;

const onTerms = Object.fromEntries(
  (['input_cost_per_token', 'output_cost_per_token', 'cache_read_input_token_cost'] as const).flatMap((part) =>
    Object.entries(TERMS).map(([suffix, where]) => [`${part}${suffix}`, amount.describe(`The same, ${where}`).optional()]),
  ),
) as Record<`${'input_cost_per_token' | 'output_cost_per_token' | 'cache_read_input_token_cost'}${keyof typeof TERMS}`, z.ZodOptional<typeof amount>>;

/** Prices in dollars a unit, as in LiteLLM's price file. */
export const prices = {
  input_cost_per_token: amount.describe('USD for one input token; goes before the catalogue').optional(),
  output_cost_per_token: amount.describe('USD for one output token').optional(),
  cache_read_input_token_cost: amount.describe("USD for one input token read from the provider's cache; default: as input").optional(),
  cache_creation_input_token_cost: amount.describe("USD for one input token written to the provider's cache; default: as input").optional(),
  cache_creation_input_token_cost_above_1hr: amount.describe('The same for what is kept for an hour; default: as other input written to it').optional(),
  output_cost_per_reasoning_token: amount.describe('USD for one reasoning token; default: as output').optional(),
  input_cost_per_audio_token: amount.describe('USD for one audio token in; default: as input').optional(),
  output_cost_per_audio_token: amount.describe('USD for one audio token out; default: as output').optional(),
  output_cost_per_image: amount.describe('USD for one image').optional(),
  input_cost_per_second: amount.describe('USD for one second of sound').optional(),
  input_cost_per_character: amount.describe('USD for one character').optional(),
  input_cost_per_query: amount.describe('USD for one search unit of a reranker').optional(),
  ocr_cost_per_page: amount.describe('USD for one page that is read').optional(),
  annotation_cost_per_page: amount.describe('USD for one page that is described, on top').optional(),
  input_cost_per_request: amount.describe('USD for one call').optional(),
  citation_cost_per_token: amount.describe('USD for one token of what an answer cites, where that is billed').optional(),
  search_context_cost_per_query: z
    .strictObject({ search_context_size_low: amount.optional(), search_context_size_medium: amount.optional(), search_context_size_high: amount.optional() })
    .describe('USD for one search of the web, by how much of what it finds it brings')
    .optional(),
  ...onTerms,
};

/** Options of a deployment that LiteLLM has as keys of their own. */
export const OPTION_NAMES = ['vertex_project', 'vertex_location', 'mock_response', ...CLOUD_OPTIONS] as const;

/** Those of them that nobody may read. */
export const SECRET_OPTIONS: ReadonlySet<string> = new Set(CLOUD_SECRETS);

const cachePoint = z
  .strictObject({
    location: z.enum(['message', 'tool_config']),
    role: text.optional(),
    index: z.coerce.number().int().optional(),
    control: z.record(z.string(), z.unknown()).optional(),
  })
  .refine(({ location, role, index }) => location === 'tool_config' || role !== undefined || index !== undefined, {
    error: 'a message needs a role or an index',
  });

export const litellmParams = z.strictObject({
  model: text.describe('`provider/model`; `*` takes what the `*` of `model_name` stands for'),
  custom_llm_provider: text.describe('The provider, when `model` does not name it').optional(),
  api_key: text.describe('Default: what the environment holds for the provider').optional(),
  litellm_credential_name: text.describe('Credentials of `credential_list`, for what is not said here').optional(),
  api_base: z.url().describe('Base URL, for every provider').optional(),
  base_url: z.url().describe('Same as `api_base`').optional(),
  organization: text.describe('Sent as `openai-organization`').optional(),
  options: z.record(z.string(), z.string()).describe("Sluice's own: what a provider's address asks for, such as an account").optional(),
  vertex_project: text.describe("The project at Google. Default: `VERTEXAI_PROJECT`, then the credentials' own").optional(),
  vertex_location: text.describe('A region, `us`, `eu` or `global`. Default: `VERTEXAI_LOCATION`, then `global`').optional(),
  vertex_credentials: z
    .union([text, z.record(z.string(), z.unknown())])
    .describe('What the file of a service account holds, or its path. Default: what this machine is allowed')
    .optional(),
  ...cloudOptions,
  extra_headers: z.record(z.string(), z.string()).describe('Headers added to the call to the provider').optional(),
  headers: z.record(z.string(), z.string()).describe('Same as `extra_headers`').optional(),
  extra_body: z.record(z.string(), z.unknown()).describe('Fields of the request that callers may still set').optional(),
  weight: positive.describe('Share of the calls among the deployments of a group').optional(),
  rpm: count.describe('Calls a minute that the provider allows: its share without a `weight`, and a ceiling with `enforce_model_rate_limits`').optional(),
  tpm: count.describe('Tokens a minute, in the same way, where there is no `rpm`').optional(),
  max_budget: amount.describe('USD that may be spent there; then calls go elsewhere').optional(),
  budget_duration: text.describe('How long that lasts until it starts anew, such as `1d`').optional(),
  timeout: positive.describe('Longest wait for the head of the answer, in seconds').optional(),
  idle_timeout: positive.describe("Sluice's own: longest silence inside an answer, in seconds").optional(),
  stream_timeout: positive.describe('Longest wait for the first event of a stream, in seconds').optional(),
  order: count.describe('The lowest is called as long as it can be').optional(),
  tags: z.array(text).describe('Which calls it is for, where `enable_tag_filtering` is on').optional(),
  region_name: text.describe('Where it runs').optional(),
  max_parallel_requests: positive.describe('Calls under way there at the same time; further ones go elsewhere, or wait').optional(),
  silent_model: text.describe('A model that is asked the same, once the call has been answered, for the records only').optional(),
  num_retries: count.describe('Further tries after one of its failures').optional(),
  max_retries: count.describe('Same as `num_retries`').optional(),
  cooldown_time: amount.describe('How long it is passed over when it has failed, in seconds').optional(),
  mock_response: z
    .union([text, z.record(z.string(), z.unknown())], { error: 'expected a text, a whole answer, { replay: file }, or the name of an exception' })
    .describe(
      'Answered by the demo provider instead of the real one: a text, a whole answer, `{ replay: file }`, or an exception such as `litellm.RateLimitError`',
    )
    .optional(),
  complexity_router_config: complexityRouter.describe('Of `model: auto_router/complexity_router`: a model for each level of difficulty').optional(),
  complexity_router_default_model: text.describe('For levels that no tier is named for').optional(),
  auto_router_config: z
    .union([text, semanticRouter], { error: 'expected the routes, as an object or as JSON in a text' })
    .describe('Of `model: auto_router/NAME`: `routes` with `name` (a model), `utterances` and `score_threshold`')
    .optional(),
  auto_router_config_path: text.describe('A file that holds them').optional(),
  auto_router_default_model: text.describe('For what is near to no route').optional(),
  auto_router_embedding_model: text.describe('The model of this file that makes vectors of texts').optional(),
  cache_control_injection_points: z
    .array(cachePoint)
    .describe(
      'Where requests that name no points themselves are marked with `cache_control`: `{ location: message, role }` or `index` (from the end below zero), or `{ location: tool_config }`',
    )
    .optional(),
  ...parameterRules,
  ...prices,
  ...requestFields,
});

const modelInfo = z.strictObject({
  id: text.describe('Names the deployment in records and headers').optional(),
  base_model: text.describe('The model behind a name that its owner made up, as on Azure: for its price and its limits').optional(),
  supports_assistant_prefill: flag.describe('Whether it goes on with an answer that another has begun. Default: what is known of its provider').optional(),
  max_output_tokens: count.describe('What a call without a limit of its own may produce at most').optional(),
  max_tokens: count.describe('Same as `max_output_tokens`').optional(),
  max_input_tokens: count.describe('What it reads at most: longer requests are asked of another one first').optional(),
  disable_background_health_check: flag.describe('`true`: background checks leave it alone').optional(),
  health_check_model: text.describe('Of a wildcard, where checks are billed: the name that is called').optional(),
  health_check_timeout: positive.describe('Longest wait for a check of it, in seconds').optional(),
  health_check_max_tokens: positive.describe('Where checks are billed: the most that is asked for. Default 5').optional(),
  supports_vision: flag.describe('`false`: requests with pictures go elsewhere').optional(),
  supports_function_calling: flag.describe('`false`: requests with tools go elsewhere').optional(),
  supports_response_schema: flag.describe('`false`: requests for answers by a schema go elsewhere').optional(),
  supports_audio_input: flag.describe('`false`: requests with sound go elsewhere').optional(),
  ...prices,
});

export const modelList = z.array(
  z.strictObject({
    model_name: text.describe('The name callers use. Entries with one name share its calls; `*` is a wildcard'),
    litellm_params: litellmParams.describe('Where and how it is called'),
    model_info: modelInfo.describe('What is known of it').optional(),
  }),
);

export type ModelEntry = z.infer<typeof modelList>[number];
