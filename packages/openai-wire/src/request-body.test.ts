import type { ModelRequest, ProviderCall } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { toJsonBody } from './request-body.ts';

/** A call as it comes by HTTP: spaces show whether its bytes were kept. */
function callOf(fields: string): ProviderCall {
  const text = `{ "model": "group"${fields} }`;
  return { operation: 'chat', request: JSON.parse(text) as ModelRequest, received: Buffer.from(text), deployment: { id: 'd', provider: 'p', model: 'theirs' } };
}

function bodyOf(call: ProviderCall, { request = call.request, asksForUsage = true } = {}): string {
  return Buffer.from(toJsonBody(call, request, asksForUsage) as Uint8Array).toString('utf8');
}

describe('bytes are kept, but for the model and the request for usage', () => {
  test.each([
    ['', '{ "model": "theirs" }'],
    [', "stream": false', '{ "model": "theirs", "stream": false }'],
    [', "stream": true', '{ "model": "theirs", "stream": true ,"stream_options":{"include_usage":true}}'],
    [', "stream": true, "stream_options": {"include_usage": true}', '{ "model": "theirs", "stream": true, "stream_options": {"include_usage": true} }'],
  ])('%s', (fields, expected) => {
    expect(bodyOf(callOf(fields))).toBe(expected);
  });

  test('where a host refuses to be asked for usage it is not', () => {
    expect(bodyOf(callOf(', "stream": true'), { asksForUsage: false })).toBe('{ "model": "theirs", "stream": true }');
  });
});

describe('otherwise the request is written anew', () => {
  test.each([
    [
      'stream options that say nothing of usage',
      ', "stream": true, "stream_options": {"x": 1}',
      '{"model":"theirs","stream":true,"stream_options":{"x":1,"include_usage":true}}',
    ],
    [
      'stream options that decline usage',
      ', "stream": true, "stream_options": {"include_usage": false}',
      '{"model":"theirs","stream":true,"stream_options":{"include_usage":true}}',
    ],
    ['stream options that are null', ', "stream": true, "stream_options": null', '{"model":"theirs","stream":true,"stream_options":{"include_usage":true}}'],
    ['a field said twice', ', "user": "a", "user": "b"', '{"model":"theirs","user":"b"}'],
  ])('%s', (_, fields, expected) => {
    expect(bodyOf(callOf(fields))).toBe(expected);
  });

  test('a request that a quirk has changed', () => {
    const call = callOf(', "seed": 7');
    expect(bodyOf(call, { request: { model: 'group', random_seed: 7 } })).toBe('{"model":"theirs","random_seed":7}');
  });

  test('a request whose bytes are not known', () => {
    const { received, ...call } = callOf('');
    expect(received).toBeDefined();
    expect(bodyOf(call)).toBe('{"model":"theirs"}');
  });
});
