import { defineProvider, GatewayError, type Mapping, type Provider } from '@sluice/core';

const chat: Mapping = {
  toRequest: ({ request, received, deployment }) => ({
    url: `${deployment.baseUrl}/chat/completions`,
    headers: { 'content-type': 'application/json', authorization: 'Bearer sk-upstream' },
    body: received !== undefined && request.model === deployment.model ? received : JSON.stringify({ ...request, model: deployment.model }),
  }),
  toError: ({ status, body }) => new GatewayError('upstream_error', body, { status }),
};

export const plainProvider: Provider = defineProvider({ name: 'bench', operations: { chat } });

/** Stands for a provider that speaks another dialect: every event is parsed, made anew and written again. */
export const translatingProvider: Provider = defineProvider({
  name: 'bench',
  operations: { chat: { ...chat, toChunks: () => (event) => [{ ...JSON.parse(event.data) }] } },
});
