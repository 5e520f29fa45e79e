import { type AwsSettings, awsSigner, type Environment, regionInAddress } from '@sluice/aws-wire';
import { defineProvider, type Provider } from '@sluice/core';
import { chat } from './chat.ts';
import { completions } from './completions.ts';
import { embeddings } from './embeddings.ts';
import { type Host, problemsOf } from './endpoint.ts';

export type SagemakerOptions = Omit<AwsSettings, 'apiKey'> & {
  /** What deployments call it. */
  readonly name?: string;
  /** Default: SageMaker's own address in the region. */
  readonly baseUrl?: string | undefined;
  /** Added to every request, and signed with it. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly env?: Environment;
};

/**
 * Endpoints on Amazon SageMaker whose containers speak OpenAI's messages. The model of a deployment is the endpoint's name.
 *
 * @example sagemakerChat({ region: 'eu-central-1' })
 */
export function sagemakerChat({ name = 'sagemaker_chat', ...options }: SagemakerOptions = {}): Provider {
  return hosted(name, options, (host) => ({ chat: chat(host) }));
}

/**
 * Endpoints on Amazon SageMaker whose containers generate text from a prompt, or make vectors of texts.
 *
 * @example sagemaker({ region: 'eu-central-1' })
 */
export function sagemaker({ name = 'sagemaker', ...options }: SagemakerOptions = {}): Provider {
  return hosted(name, options, (host) => ({ completions: completions(host), embeddings: embeddings(host) }));
}

function hosted(
  name: string,
  { baseUrl, headers = {}, env = process.env, ...settings }: Omit<SagemakerOptions, 'name'>,
  operationsOf: (host: Host) => Provider['operations'],
): Provider {
  const signer = awsSigner({ name: 'sagemaker', options: settings, env }, (deployment) => regionInAddress(deployment.baseUrl ?? baseUrl ?? ''));
  const host: Host = { baseUrl, headers, signer };
  return defineProvider({
    name,
    operations: operationsOf(host),
    sign: (wire, deployment) => signer.sign(wire, deployment),
    // What describes endpoints is another service, at another address.
    probe: () => undefined,
    problemsOf: (deployment) => problemsOf(host, deployment),
  });
}
