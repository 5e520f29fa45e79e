import { GatewayError, type JsonObject, knownRequest, type Mapping, type Refuse, refuser } from '@sluice/core';
import { resultIn, type Run } from './run.ts';

const OWN = ['negative_prompt', 'steps', 'num_steps', 'guidance', 'strength', 'image_b64', 'seed'];

/** One picture: some models answer with it bare, others with it in JSON. https://developers.cloudflare.com/workers-ai/models/?tasks=Text-to-Image */
export function images(run: Run): Omit<Mapping, 'toError'> {
  return {
    toRequest(call) {
      const request = knownRequest(call, ['prompt', 'size', 'response_format', ...OWN]);
      const refuse = refuser(call.deployment);
      if (request.response_format === 'url') refuse('response_format', 'pictures come as bytes (b64_json)');
      const own = Object.fromEntries(OWN.flatMap((name) => (request[name] === undefined || request[name] === null ? [] : [[name, request[name]]])));
      return { ...run(call.deployment), body: JSON.stringify({ prompt: request.prompt, ...toSides(request.size, refuse), ...own }) };
    },
    fromBytes({ contentType, bytes }) {
      if (!contentType.startsWith('image/')) throw new GatewayError('upstream_invalid_answer', `The model answered with no picture, but '${contentType}'`);
      return { result: { image: Buffer.from(bytes).toString('base64') } };
    },
    toReply(body) {
      const { image } = resultIn<{ readonly image: string }>(body);
      return { created: Math.floor(Date.now() / 1000), ...(image !== undefined && { data: [{ b64_json: image }] }) };
    },
  };
}

function toSides(size: unknown, refuse: Refuse): JsonObject {
  if (size === undefined || size === null || size === 'auto') return {};
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(String(size)) ?? [];
  if (width !== undefined && height !== undefined) return { width: Number(width), height: Number(height) };
  refuse('size', 'it is a width and a height in pixels, such as 1024x1024');
  return {};
}
