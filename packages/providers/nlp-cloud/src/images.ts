import { knownRequest, type Mapping, refuser } from '@sluice/core';
import type { Ask } from './ask.ts';

/** A picture, by its address. https://docs.nlpcloud.com/#image-generation */
export function images(ask: Ask): Omit<Mapping, 'toError'> {
  return {
    toRequest(call) {
      const { prompt, response_format: format } = knownRequest(call, ['prompt', 'response_format']);
      if (format === 'b64_json') refuser(call.deployment)('response_format', 'pictures come as addresses (url)');
      return { ...ask(call.deployment, 'image-generation'), body: JSON.stringify({ text: prompt }) };
    },
    toReply(body) {
      const { url } = body as { readonly url?: string };
      return { created: Math.floor(Date.now() / 1000), ...(url !== undefined && { data: [{ url }] }) };
    },
  };
}
