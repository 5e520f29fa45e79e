import { defineProvider, GatewayError, redactKeys } from '@sluice/core';
import { toChunks, toReply } from './answers.js';

/** @import { Mapping, Provider, ProviderCall, WireError, WireRequest } from '@sluice/core' */

/**
 * A parrot is asked `{ bird, heard: [text], live }` and answers `{ said, words: { heard, said } }`, or, live, a
 * stream with a word an event and one named `silence` at its end.
 *
 * @returns {Provider}
 */
export function parrot() {
  return defineProvider({ name: 'parrot', operations: { chat } });
}

/** @type {Mapping} */
const chat = { toRequest, toReply, toChunks, toError, isEnd: ({ event }) => event === 'silence' };

/** @param {ProviderCall} call @returns {WireRequest} */
function toRequest({ request, deployment }) {
  const messages = /** @type {{ content: unknown }[]} */ (request.messages);
  return {
    url: `${deployment.baseUrl ?? 'https://parrots.example'}/speak`,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${deployment.apiKey?.reveal()}` },
    body: JSON.stringify({ bird: deployment.model, heard: messages.map(({ content }) => String(content)), live: request.stream === true }),
  };
}

/** @param {WireError} error @param {ProviderCall} call */
function toError({ status, body }, { deployment }) {
  if (status === 401) return new GatewayError('upstream_authentication', 'The parrot does not know you');
  if (status === 429) return new GatewayError('upstream_rate_limited', 'The parrot is out of breath', { retryable: true, retryAfterMs: 1000 });
  return new GatewayError('upstream_error', redactKeys(`The parrot says ${status}: ${body}`, deployment.apiKey), { retryable: status >= 500 });
}
