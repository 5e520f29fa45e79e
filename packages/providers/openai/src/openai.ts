import { type Provider, type Secret, secret } from '@sluice/core';
import { ALL_OPERATIONS, toProvider } from './openai-compatible.ts';

export type OpenAIOptions = {
  /** For deployments that bring none. Default: `OPENAI_API_KEY` of the environment. */
  readonly apiKey?: string | Secret;
  readonly baseUrl?: string;
  readonly organization?: string;
  readonly project?: string;
};

/**
 * OpenAI itself, every operation.
 *
 * @example openai({ apiKey: process.env.MY_OPENAI_KEY })
 */
export function openai({ apiKey = process.env.OPENAI_API_KEY, baseUrl = 'https://api.openai.com/v1', organization, project }: OpenAIOptions = {}): Provider {
  return toProvider({
    name: 'openai',
    baseUrl,
    needsKey: true,
    keyVariable: 'OPENAI_API_KEY',
    apiKey: typeof apiKey === 'string' ? secret(apiKey) : apiKey,
    headers: { ...(organization && { 'openai-organization': organization }), ...(project && { 'openai-project': project }) },
    operations: ALL_OPERATIONS,
    quirks: [],
  });
}
