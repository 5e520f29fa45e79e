import { expect, it } from 'vitest';
import { Context } from '../pipeline/context.ts';
import type { Operation } from '../types/call.ts';
import { isRepeatable } from './is-repeatable.ts';

function asked(operation: Operation, fields: object = {}): boolean {
  const request = { model: 'm', ...fields };
  return isRepeatable(new Context({ id: 'c', operation, request, source: { credentials: [] }, controller: new AbortController() }));
}

it.each<[Operation, object]>([
  ['chat', {}],
  [
    'chat',
    {
      tools: [
        { type: 'function', function: { name: 'f' } },
        { type: 'custom', custom: { name: 'g' } },
      ],
      store: false,
    },
  ],
  ['embeddings', {}],
  ['responses', { store: false }],
])('%s with %j may be answered twice', (operation, fields) => {
  expect(asked(operation, fields)).toBe(true);
});

it.each<[Operation, object]>([
  ['chat', { tools: [{ type: 'function', function: { name: 'f' } }, { type: 'mcp' }] }],
  ['chat', { tools: ['what is this'] }],
  ['chat', { web_search_options: {} }],
  ['chat', { store: true }],
  ['responses', {}],
  ['responses', { store: false, previous_response_id: 'r' }],
  ['responses', { store: false, background: true }],
  ['images.generate', {}],
  ['audio.speech', {}],
  ['audio.transcribe', {}],
])('%s with %j may not', (operation, fields) => {
  expect(asked(operation, fields)).toBe(false);
});
