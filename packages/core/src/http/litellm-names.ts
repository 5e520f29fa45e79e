/** What LiteLLM calls the headers whose meaning is the same there. https://docs.litellm.ai/docs/proxy/response_headers */
export const LITELLM_NAMES: ReadonlyMap<string, string> = new Map([
  ['x-sluice-call-id', 'x-litellm-call-id'],
  ['x-sluice-attempted-retries', 'x-litellm-attempted-retries'],
  ['x-sluice-attempted-fallbacks', 'x-litellm-attempted-fallbacks'],
  ['x-sluice-response-duration-ms', 'x-litellm-response-duration-ms'],
  ['x-sluice-overhead-duration-ms', 'x-litellm-overhead-duration-ms'],
  ['x-sluice-model-id', 'x-litellm-model-id'],
  ['x-sluice-model-group', 'x-litellm-model-group'],
  ['x-sluice-response-cost', 'x-litellm-response-cost'],
  ['x-sluice-key-spend', 'x-litellm-key-spend'],
  ['x-sluice-applied-guardrails', 'x-litellm-applied-guardrails'],
]);
