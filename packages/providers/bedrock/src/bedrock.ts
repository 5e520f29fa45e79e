import { defineProvider, type Provider, type Secret, secret } from '@sluice/core';
import { type AwsSettings, awsSigner, type Environment, regionInAddress } from '@sluice/aws-wire';
import { converse } from './converse/converse.ts';
import { countTokens } from './converse/count-tokens.ts';
import { endpoints, givenAddress } from './endpoint.ts';
import { claude } from './invoke/claude.ts';
import { embeddings } from './invoke/embeddings.ts';
import { images } from './invoke/images.ts';
import { rerank } from './invoke/rerank.ts';
import { readModelName } from './model-name.ts';

export type BedrockOptions = Omit<AwsSettings, 'apiKey'> & {
  /** What deployments call it. Default `bedrock`. */
  readonly name?: string;
  /** A Bedrock API key, for deployments that bring no credentials. Default: `AWS_BEARER_TOKEN_BEDROCK` in the environment. */
  readonly apiKey?: string | Secret | undefined;
  /** Default: Bedrock's own address in the region. */
  readonly baseUrl?: string | undefined;
  /** Added to every request, and signed with it. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly env?: Environment;
};

/**
 * Models on Amazon Bedrock: chat by Converse, or Claude's own Messages; vectors and images by InvokeModel. Credentials and the region are taken
 * from where AWS's own tools take them.
 *
 * @example bedrock({ region: 'eu-central-1' })
 */
export function bedrock({ name = 'bedrock', apiKey, baseUrl, headers = {}, env = process.env, ...settings }: BedrockOptions = {}): Provider {
  const key = typeof apiKey === 'string' ? (apiKey === '' ? undefined : secret(apiKey)) : apiKey;
  const signer = awsSigner({ name: 'bedrock', bearerVariable: 'AWS_BEARER_TOKEN_BEDROCK', options: { ...settings, apiKey: key }, env }, (deployment) => {
    const address = givenAddress({ baseUrl, env }, deployment);
    return readModelName(deployment).region ?? (address === undefined ? undefined : regionInAddress(address));
  });
  const { endpointOf, problemsOf } = endpoints({ name, baseUrl, headers, env, signer });
  const operations: Provider['operations'] = {
    chat: converse(endpointOf, signer),
    embeddings: embeddings(endpointOf, signer),
    'images.generate': images(endpointOf, signer),
    rerank: rerank(endpointOf, signer),
  };
  // Amazon counts for Claude; for the others the gateway estimates.
  const ofClaude: Provider['operations'] = { ...operations, 'tokens.count': countTokens(endpointOf, signer) };
  const invoked: Provider['operations'] = { ...ofClaude, chat: claude(endpointOf, signer) };
  return defineProvider({
    name,
    operations: ofClaude,
    operationsOf(deployment) {
      const { api, family } = readModelName(deployment);
      return api === 'invoke' ? invoked : family === 'claude' ? ofClaude : operations;
    },
    sign: (wire, deployment) => signer.sign(wire, deployment),
    // What lists models is another service, at another address.
    probe: () => undefined,
    problemsOf,
  });
}
