import type { Provider } from '@sluice/core';
import { anthropic } from '@sluice/provider-anthropic';
import { gemini } from '@sluice/provider-google';
import { mistral } from '@sluice/provider-mistral';
import { ollama } from '@sluice/provider-ollama';
import { openai } from '@sluice/provider-openai';
import { type ApiDocument, apiDocument } from '../support/api-document.ts';
import { protoDocument } from '../support/proto-document.ts';

export type DocumentedHost = {
  readonly provider: Provider;
  /** Nothing where it is not beside the checkout. */
  document(): ApiDocument | undefined;
  /** Models that are asked in different ways. */
  readonly models: readonly string[];
  /** What stands between the address and the paths of the document. */
  readonly path: string;
  /** Whose recorded chats are sent. Absent: all, in the host's own words. */
  readonly chatsOf?: readonly string[];
  /** What the document has against a request, or the gateway, and why that is right; each has to come up. */
  readonly expected: readonly { readonly what: RegExp; readonly because: string }[];
  /** It takes pictures as bytes only, and the gateway would fetch those that recorded callers named by address. */
  readonly isWithoutAddresses?: true;
  /** Operations of the provider that the document does not have, each with the reason. */
  readonly leftOut?: Readonly<Record<string, string>>;
};

/** What of OpenAI's form somebody has no word for, and nobody may take away unasked. */
const CUSTOM_TOOL = { what: /tools\[0\]': it has functions only/, because: 'a tool whose arguments are free text' };

export const DOCUMENTED: Readonly<Record<string, DocumentedHost>> = {
  openai: {
    provider: openai({ env: {} }),
    document: () => apiDocument('openai-openapi.yaml'),
    models: ['gpt-5'],
    path: '',
    // What callers of others wrote in OpenAI's form goes on as it is.
    chatsOf: ['openai'],
    expected: [
      { what: /openai-embeddings-f5ae1fdf: .*encoding_format/, because: 'OpenAI takes null there, against its document' },
      { what: /^gpt-5 tokens\.count .*it does not count the tokens of 'input_audio'/, because: 'Responses hear no audio' },
    ],
  },
  anthropic: {
    provider: anthropic({ env: {} }),
    document: () => apiDocument('anthropic-openapi.yaml'),
    models: ['claude-sonnet-4-5', 'claude-opus-4-8', 'claude-3-5-haiku-latest'],
    path: '',
    expected: [CUSTOM_TOOL, { what: /it hears no audio/, because: 'Claude hears no audio' }],
  },
  mistral: {
    provider: mistral({ env: {} }),
    document: () => apiDocument('mistral-openapi.yaml'),
    models: ['mistral-small-latest', 'magistral-medium-latest'],
    path: '/v1',
    expected: [
      CUSTOM_TOOL,
      { what: /openrouter-chat_completions-db318a81: .*tools\.0/, because: "a tool of that host's own" },
      { what: /perplexity-chat_completions-cec91b3c: .*required property: name/, because: 'a schema without a name, which OpenAI would refuse as well' },
      { what: /moderations .*it judges texts only/, because: 'a picture' },
    ],
  },
  ollama: {
    provider: ollama({ env: {} }),
    document: () => apiDocument('ollama-openapi.yaml'),
    models: ['llama3.2'],
    path: '',
    isWithoutAddresses: true,
    expected: [
      CUSTOM_TOOL,
      { what: /it reads texts and images/, because: 'audio, and thoughts in the form of Mistral' },
      { what: /it takes images by/, because: 'documents' },
    ],
    leftOut: { responses: "in Ollama's words about OpenAI's form, and not in its document" },
  },
  gemini: {
    provider: gemini({ env: {} }),
    document: () => protoDocument('gemini-proto'),
    models: ['gemini-2.0-flash', 'gemini-2.5-flash', 'gemini-3-pro-preview'],
    path: '',
    expected: [
      { what: /Unknown property: serviceTier/, because: 'younger than the definitions' },
      { what: /^gemini-3\S+ chat .*Unknown property: thinkingLevel/, because: 'younger than the definitions' },
      { what: /mistral-chat_completions-a3f84ba9: .*'thinking' is not known/, because: 'thoughts in the form of Mistral' },
      { what: /openai-chat_completions-109d320f: .*does not say of what type/, because: 'a picture whose address has no ending' },
    ],
  },
};
