import { countTokens, messages, objects } from '@sluice/anthropic-wire';
import { defineProvider, type Provider, type Secret, secret } from '@sluice/core';
import { endpoints, type Environment } from './endpoint.ts';

export type AnthropicOptions = {
  /** What deployments call it. Default `anthropic`. */
  readonly name?: string;
  /** For deployments that bring none. Default: `ANTHROPIC_API_KEY` in the environment. */
  readonly apiKey?: string | Secret | undefined;
  /** Default: `ANTHROPIC_BASE_URL` in the environment, then `https://api.anthropic.com`. */
  readonly baseUrl?: string | undefined;
  /** Added to every request, such as `anthropic-beta`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly env?: Environment;
};

/**
 * Claude, by Anthropic's Messages API, and hosts that speak it. Without options it takes `ANTHROPIC_API_KEY` from the
 * environment.
 *
 * @example anthropic({ apiKey: process.env.MY_CLAUDE_KEY })
 */
export function anthropic({ name = 'anthropic', apiKey, baseUrl, headers = {}, env = process.env }: AnthropicOptions = {}): Provider {
  const key = typeof apiKey === 'string' ? (apiKey === '' ? undefined : secret(apiKey)) : apiKey;
  const { endpointOf, problemsOf } = endpoints({ name, apiKey: key, baseUrl, headers, env });
  return defineProvider({
    name,
    operations: {
      chat: messages({ endpointOf }),
      ...objects(endpointOf),
      'tokens.count': countTokens({
        endpointOf(deployment) {
          const { baseUrl, headers, key } = endpointOf(deployment);
          return { url: () => `${baseUrl}/messages/count_tokens`, headers, key };
        },
      }),
    },
    // The list of models costs nothing, and asks for the key.
    probe(deployment) {
      const endpoint = endpointOf(deployment);
      return { url: `${endpoint.baseUrl}/models`, method: 'GET', headers: endpoint.headers };
    },
    problemsOf,
  });
}
