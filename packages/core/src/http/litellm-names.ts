/** What LiteLLM calls the headers whose meaning is the same there. https://docs.litellm.ai/docs/proxy/response_headers */
const LITELLM_NAMES: Readonly<Record<string, string>> = {
  'x-sluice-call-id': 'x-litellm-call-id',
  'x-sluice-attempted-retries': 'x-litellm-attempted-retries',
  'x-sluice-attempted-fallbacks': 'x-litellm-attempted-fallbacks',
  'x-sluice-response-duration-ms': 'x-litellm-response-duration-ms',
  'x-sluice-overhead-duration-ms': 'x-litellm-overhead-duration-ms',
  'x-sluice-model-id': 'x-litellm-model-id',
  'x-sluice-model-group': 'x-litellm-model-group',
  'x-sluice-response-cost': 'x-litellm-response-cost',
  'x-sluice-key-spend': 'x-litellm-key-spend',
  'x-sluice-applied-guardrails': 'x-litellm-applied-guardrails',
};

/** Says the same again under the names that LiteLLM's callers read. */
export function addLitellmNames(headers: Record<string, string>): void {
  for (const name in LITELLM_NAMES) {
    const value = headers[name];
    if (value !== undefined) headers[LITELLM_NAMES[name] as string] = value;
  }
}
