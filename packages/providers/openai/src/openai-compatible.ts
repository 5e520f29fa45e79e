import { ConfigurationError, type Provider, type Secret } from '@sluice/core';
import { HOST_OPERATIONS, type ModelOperation, type QuirkName, toProvider, toSecret } from '@sluice/openai-wire';

export type OpenAICompatibleOptions = {
  /** What deployments call this provider. */
  readonly name: string;
  /** Up to and including the version, such as `http://127.0.0.1:8000/v1`. Deployments may have their own. */
  readonly baseUrl: string;
  /** For deployments that bring none. */
  readonly apiKey?: string | Secret | undefined;
  /** Header that takes the bare key. Default: `Authorization: Bearer`. */
  readonly keyHeader?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Query added to every URL. */
  readonly query?: string;
  /** What the host can do. Default: everything. */
  readonly operations?: readonly ModelOperation[];
  /** Parameters of a chat that the host does not have: refused by name, or left out where a deployment's rules say so. Default: none. */
  readonly lacks?: readonly string[];
  /** Where the host departs from OpenAI's form. Default: nowhere. */
  readonly quirks?: readonly QuirkName[];
};

/**
 * Any host that speaks OpenAI's API.
 *
 * @example openaiCompatible({ name: 'my-vllm', baseUrl: 'http://127.0.0.1:8000/v1' })
 * @throws ConfigurationError when the name or the base URL cannot be right.
 */
export function openaiCompatible({ apiKey, operations = HOST_OPERATIONS, quirks = [], ...options }: OpenAICompatibleOptions): Provider {
  const problems = [
    ...(options.name === '' ? [{ place: 'name', message: 'A provider needs a name.' }] : []),
    ...(/^https?:\/\/[^/]/.test(options.baseUrl)
      ? []
      : [
          {
            place: 'baseUrl',
            message: `'${options.baseUrl}' is not an http(s) URL.`,
            suggestion: 'It ends with the version, such as http://127.0.0.1:8000/v1.',
          },
        ]),
  ];
  if (problems.length > 0) throw new ConfigurationError(problems);
  return toProvider({ ...options, apiKey: toSecret(apiKey), needsKey: false, operations, quirks });
}
