import { expect, test } from 'vitest';
import type { Operation } from '../types/call.ts';
import { maxOutputTokens } from './output-limit.ts';

test.each<[string, Operation, Record<string, unknown>, number]>([
  ["the caller's own limit", 'chat', { max_completion_tokens: 5 }, 5],
  ['the older name of it', 'chat', { max_tokens: 5 }, 5],
  ['of two limits the higher', 'chat', { max_completion_tokens: 1, max_tokens: 900 }, 900],
  ['not a limit that the operation does not have', 'chat', { max_output_tokens: 1 }, 100],
  ['not a limit that the operation does not have', 'completions', { max_completion_tokens: 1 }, 100],
  ['not a limit that the operation does not have', 'responses', { max_tokens: 1 }, 100],
  ['a limit to each choice', 'chat', { max_tokens: 5, n: 3 }, 15],
  ['a limit to each prompt', 'completions', { max_tokens: 5, prompt: ['a', 'b', 'c'] }, 15],
  ['a limit to each prompt and choice', 'completions', { max_tokens: 5, n: 2, prompt: [[1, 2], [3]] }, 20],
  ['one prompt in tokens', 'completions', { max_tokens: 5, prompt: [1, 2, 3] }, 5],
  ['nothing where no text is written', 'embeddings', { max_tokens: 5 }, 0],
])('output is bounded by %s (%s %o)', (_, operation, request, expected) => {
  expect(maxOutputTokens(operation, { model: 'm', ...request }, 100)).toBe(expected);
});
