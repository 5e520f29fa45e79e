import type { JsonObject, ModelRequest, Operation } from '@sluice/core';
import { BASE, PARAMETERS } from '../providers/chat-parameters.ts';
import { FEATURES } from '../providers/describe-provider.ts';
import { acceptedChats, type RecordedExchange, recordedExchanges, requestOf } from '../support/recordings.ts';
import type { Case } from './judge.ts';

const PIXEL = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** At least one of each operation that is asked by one body or one form. */
const PLAIN: Readonly<Partial<Record<Operation, readonly JsonObject[]>>> = {
  completions: [
    { prompt: 'a', suffix: 'b', max_tokens: 5, seed: 1, stop: ['x'], temperature: 0.5 },
    { prompt: ['a'], stream: true, stream_options: { include_usage: true }, user: 'u' },
  ],
  embeddings: [{ input: 'a' }, { input: ['a', 'b'], dimensions: 64, encoding_format: 'base64', user: 'u' }],
  moderations: [
    { input: 'a' },
    {
      input: [
        { type: 'text', text: 'a' },
        { type: 'image_url', image_url: { url: PIXEL } },
      ],
    },
  ],
  'images.generate': [{ prompt: 'A cat', n: 1, size: '1024x1024' }, { prompt: 'A cat' }],
  'images.edit': [{ prompt: 'A hat for the cat', n: 1 }],
  'audio.speech': [{ input: 'Grüezi', voice: 'alloy', response_format: 'mp3' }],
  'audio.transcribe': [{ language: 'de', response_format: 'json', temperature: 0.5 }, {}],
  'audio.translate': [{ response_format: 'json', temperature: 0.5 }],
  responses: [{ input: 'Grüezi' }, { input: [{ role: 'user', content: 'Grüezi' }], stream: true, max_output_tokens: 99, store: false }],
  ocr: [{ document: { type: 'document_url', document_url: 'https://example.com/a.pdf' }, pages: [0] }],
};

/** Whose recorded requests in OpenAI's form may be asked of anybody. */
const RECORDED: readonly Operation[] = ['embeddings', 'moderations'];
const HOSTS = ['openai', 'azure', 'mistral', 'openrouter'];

/** A chat with each parameter and each feature, and what recorded callers asked for, as far as it `suits`. */
export function chatCases(operation: 'chat' | 'tokens.count', suits: (exchange: RecordedExchange) => boolean): readonly Case[] {
  const ours = [
    ...PARAMETERS.map(({ name, value, beside }) => ({ name: `${name} ${JSON.stringify(value)}`, request: { ...BASE, ...beside, [name]: value } })),
    ...Object.entries(FEATURES).map(([name, fields]) => ({ name, request: { ...BASE, ...fields } })),
  ];
  const recorded = acceptedChats().filter(suits);
  return [...ours, ...recorded.map((exchange) => ({ name: exchange.id, request: requestOf(exchange) }))].map(({ name, request }) => ({
    name,
    operation,
    request: request as ModelRequest,
  }));
}

/** What else is asked by one request. */
export function plainCases(operation: Operation): readonly Case[] {
  const recorded = RECORDED.includes(operation)
    ? HOSTS.flatMap((host) => recordedExchanges(host, operation)).filter(({ request, response }) => request.json && response.status < 400)
    : [];
  return [
    ...(PLAIN[operation] ?? []).map((request) => ({ name: JSON.stringify(request), operation, request: { model: 'm', ...request } })),
    ...recorded.map((exchange) => ({ name: exchange.id, operation, request: requestOf(exchange, operation) })),
  ];
}
