import { GatewayError, type JsonObject, knownRequest, type Mapping, type Refuse, refuser } from '@sluice/core';
import type { EndpointOf } from '@sluice/openai-wire';

const OWN = ['negative_prompt', 'num_inference_steps', 'guidance_scale', 'scheduler', 'seed'] as const;

/** A picture, which comes bare. https://huggingface.co/docs/inference-providers/tasks/text-to-image */
export function textToImage(endpointOf: EndpointOf): Omit<Mapping, 'toError'> {
  return {
    toRequest(call) {
      const request = knownRequest(call, ['prompt', 'size', 'response_format', ...OWN]);
      const refuse = refuser(call.deployment);
      if (request.response_format === 'url') refuse('response_format', 'pictures come as bytes (b64_json)');
      const own = Object.fromEntries(OWN.flatMap((name) => (request[name] === undefined || request[name] === null ? [] : [[name, request[name]]])));
      const { url, jsonHeaders: headers } = endpointOf(call.deployment);
      const body = { inputs: request.prompt, parameters: { ...toSides(request.size, refuse), ...own } };
      return { url: url('images.generate'), headers, body: JSON.stringify(body) };
    },
    fromBytes({ contentType, bytes }) {
      if (!contentType.startsWith('image/')) throw new GatewayError('upstream_invalid_answer', `The provider answered with no picture, but '${contentType}'`);
      return toReply([{ b64_json: Buffer.from(bytes).toString('base64') }]);
    },
    toReply: (body) => toReply((body as JsonObject).data),
  };
}

function toReply(data: unknown): JsonObject {
  return { created: Math.floor(Date.now() / 1000), ...(Array.isArray(data) && { data }) };
}

function toSides(size: unknown, refuse: Refuse): JsonObject {
  if (size === undefined || size === null || size === 'auto') return {};
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(String(size)) ?? [];
  if (width !== undefined && height !== undefined) return { width: Number(width), height: Number(height) };
  refuse('size', 'it is a width and a height in pixels, such as 1024x1024');
  return {};
}
