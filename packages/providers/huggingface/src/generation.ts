import type { EndpointOf } from '@sluice/openai-wire';
import { textGeneration, type TextGeneration } from '@sluice/tgi-wire';

/** Completions by an endpoint of one's own. https://huggingface.github.io/text-generation-inference/ */
export function generation(endpointOf: EndpointOf): TextGeneration {
  return textGeneration((body, { request, deployment }) => {
    const { url, jsonHeaders: headers } = endpointOf(deployment);
    return { url: `${url('completions')}${request.stream === true ? '_stream' : ''}`, headers, body: JSON.stringify(body) };
  });
}
