import type { Mapping } from '@sluice/core';
import { textGeneration } from '@sluice/tgi-wire';
import { framing } from './chat.ts';
import { type Host, toEndpoint } from './endpoint.ts';
import { errorsOf } from './to-error.ts';

/** Text generation, as the containers of Hugging Face have it. https://huggingface.co/docs/text-generation-inference/reference/api_reference */
export function completions(host: Host): Mapping {
  const generation = textGeneration((body, { request, deployment }) => {
    const isStream = request.stream === true;
    const { url, headers } = toEndpoint(host, deployment, isStream);
    return { url: url('completions'), headers, body: JSON.stringify({ ...body, ...(isStream && { stream: true }) }) };
  });
  return { ...generation, framing, toError: errorsOf(host.signer) };
}
