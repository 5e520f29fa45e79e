import type { ModelRequest } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { byteVectors } from './byte-vectors.ts';

const BYTES = Buffer.from(Int8Array.of(-128, -1, 0, 127)).toString('base64');
const reply = { object: 'list', data: [{ object: 'embedding', index: 0, embedding: BYTES }] };
const ask = (format?: string): ModelRequest => ({ model: 'm', input: 'x', ...(format !== undefined && { encoding_format: format }) });

describe('vectors of signed bytes', () => {
  it.each([undefined, 'float', 'base64'])('are told as numbers to who asks for %s, and the host is not asked for what it lacks', (format) => {
    expect(byteVectors.vectors?.toRequest(ask(format))).toEqual(ask());
    expect(byteVectors.vectors?.toReply(reply, ask(format))).toEqual({
      object: 'list',
      data: [{ object: 'embedding', index: 0, embedding: [-128, -1, 0, 127] }],
    });
  });

  it.each(['base64_int8', 'base64_binary'])('stay as they are for who asks for %s', (format) => {
    expect(byteVectors.vectors?.toRequest(ask(format))).toEqual(ask(format));
    expect(byteVectors.vectors?.toReply(reply, ask(format))).toBe(reply);
  });
});
