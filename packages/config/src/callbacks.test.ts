import type { JsonObject } from '@sluice/core';
import { callRecord } from '@sluice/testing';
import { expect, it } from 'vitest';
import { type CallbackResponse, callbacks } from './callbacks.ts';

it('functions of one parameter get the answer, those of four what LiteLLM gives them', async () => {
  const heard: unknown[] = [];
  const sink = callbacks({
    success: [
      (response: CallbackResponse) => void heard.push([response.model, response.usage, response.response_cost]),
      (kwargs: JsonObject, response: CallbackResponse, start: Date, end: Date) =>
        void heard.push([kwargs.litellm_params, response._hidden_params.model_id, start.toISOString(), end.getTime() - start.getTime()]),
    ],
    failure: [(kwargs: JsonObject, _response: CallbackResponse, _start: Date, _end: Date) => void heard.push(kwargs.exception)],
  });
  await sink.write([
    callRecord('a', { labels: { trace_id: 't' } }),
    callRecord('b', { status: 'error', code: 'upstream_error', message: 'gone' }),
    callRecord('c', { operation: 'health' }),
  ]);
  expect(heard).toEqual([
    ['fast', { prompt_tokens: 12, completion_tokens: 34, total_tokens: 46 }, 0.0000056],
    [{ metadata: { trace_id: 't' } }, 'd1', '2026-01-02T03:04:05.678Z', 12],
    { code: 'upstream_error', message: 'gone' },
  ]);
});

it('one that throws keeps no other from being called', async () => {
  const heard: string[] = [];
  const sink = callbacks({
    success: [
      () => {
        throw new Error('mine');
      },
      ({ id }: CallbackResponse) => void heard.push(id),
    ],
  });
  await expect(sink.write([callRecord('a')])).rejects.toThrow('1 of 2 callbacks have failed');
  expect(heard).toEqual(['a']);
});
