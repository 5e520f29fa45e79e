import { messages } from '@sluice/anthropic-wire';
import type { Deployment, Mapping, ModelRequest } from '@sluice/core';
import { jsonRequest, mendAnswers, type Quirk, QUIRKS, renamed, toError as toOpenaiError } from '@sluice/openai-wire';
import type { EndpointOf } from '../endpoint.ts';
import { toError } from '../to-error.ts';
import type { Publisher } from './partner.ts';
import type { VertexEndpoint } from './vertex-endpoint.ts';

type VertexEndpointOf = EndpointOf<VertexEndpoint>;
type UrlOf = (deployment: Deployment, isStream: boolean) => string;

const ANTHROPIC_VERSION = 'vertex-2023-10-16';
/** What is true of all of them, and of Mistral's besides. */
const NEARLY: readonly Quirk[] = [QUIRKS['max-tokens-only'], QUIRKS['content-parts'], QUIRKS['loose-tool-calls'], QUIRKS['finish-words']];
const OWN: Readonly<Partial<Record<Publisher, readonly Quirk[]>>> = {
  mistralai: [QUIRKS['usage-beside-choices'], { toRequest: (request) => renamed(request, 'seed', 'random_seed') as ModelRequest }],
};

/** Claude, by Messages with the model in the address. https://docs.claude.com/en/api/claude-on-vertex-ai */
export function claude(endpointOf: VertexEndpointOf): Mapping {
  const urlOf = rawUrls(endpointOf, 'anthropic');
  return withGooglesErrors(
    endpointOf,
    messages({
      endpointOf(deployment) {
        const { headers, key } = endpointOf(deployment);
        return { url: (isStream) => urlOf(deployment, isStream), headers, key };
      },
      toWireBody: ({ model: _, ...body }) => ({ anthropic_version: ANTHROPIC_VERSION, ...body }),
    }),
  );
}

/** Models of many makers as a service, behind one address that speaks OpenAI's API. https://cloud.google.com/vertex-ai/generative-ai/docs/maas/call-open-model-apis */
export function openapi(endpointOf: VertexEndpointOf): Mapping {
  return openaiShaped(endpointOf, (deployment) => `${endpointOf(deployment).place}/endpoints/openapi/chat/completions`, NEARLY);
}

/** Mistral and Jamba, whose makers' own APIs are OpenAI's, nearly. https://cloud.google.com/vertex-ai/generative-ai/docs/partner-models/mistral */
export function raw(endpointOf: VertexEndpointOf, publisher: Publisher): Mapping {
  return openaiShaped(endpointOf, rawUrls(endpointOf, publisher), [QUIRKS['no-stream-options'], ...NEARLY, ...(OWN[publisher] ?? [])]);
}

function rawUrls(endpointOf: VertexEndpointOf, publisher: Publisher): UrlOf {
  return (deployment, isStream) => {
    const model = encodeURIComponent(deployment.model).replaceAll('%40', '@');
    return `${endpointOf(deployment).place}/publishers/${publisher}/models/${model}:${isStream ? 'streamRawPredict' : 'rawPredict'}`;
  };
}

/** Within the body a model is named without its version. */
function openaiShaped(endpointOf: VertexEndpointOf, urlOf: UrlOf, quirks: readonly Quirk[]): Mapping {
  const toRequest = jsonRequest(() => ({ url: () => '', headers: {}, jsonHeaders: {}, key: undefined }), quirks, { asksForUsage: true });
  return withGooglesErrors(endpointOf, {
    ...mendAnswers(quirks),
    toRequest(call) {
      const { deployment } = call;
      const wire = toRequest({ ...call, deployment: { ...deployment, model: deployment.model.replace(/@.*$/, '') } });
      return { ...wire, url: urlOf(deployment, call.request.stream === true), headers: endpointOf(deployment).headers };
    },
    toError: (error, { deployment }) => toOpenaiError(error, endpointOf(deployment).key),
  });
}

/** Whoever has made a model: who is let in, and how often, is Google's to say. Its errors have a number as their code and a name as their status. */
function withGooglesErrors(endpointOf: VertexEndpointOf, mapping: Mapping): Mapping {
  const isGoogles = (body: string): boolean => /"status"\s*:\s*"[A-Z_]+"/.test(body) && /"code"\s*:\s*\d{3}/.test(body);
  return {
    ...mapping,
    toError: (error, call) => (isGoogles(error.body) ? toError(error, endpointOf(call.deployment).key) : mapping.toError(error, call)),
  };
}
