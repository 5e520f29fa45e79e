import type { JsonObject } from '@sluice/core';
import { describe, expect, test } from 'vitest';
import { cleanSchema } from './clean-schema.ts';

const clean = (schema: JsonObject): JsonObject => cleanSchema(schema, 'tools[0].function.parameters');
const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more });

describe('a schema for Gemini', () => {
  test('loses what would be refused, and keeps the rest', () => {
    const schema = object(
      { when: { type: 'string', format: 'uuid', description: 'Id' }, at: { type: 'string', format: 'date-time' } },
      { $schema: 'x', additionalProperties: false, required: ['when', 'gone'] },
    );
    expect(clean(schema)).toEqual({
      type: 'object',
      properties: { when: { type: 'string', description: 'Id' }, at: { type: 'string', format: 'date-time' } },
      required: ['when'],
    });
  });

  test('has references put in place, also such as hold others, with what stands beside them', () => {
    const $defs = { city: object({ name: { $ref: '#/$defs/name' } }), name: { type: 'string' } };
    expect(clean(object({ from: { $ref: '#/$defs/city', description: 'Start' } }, { $defs }))).toEqual(
      object({ from: { ...object({ name: { type: 'string' } }), description: 'Start' } }),
    );
  });

  test('ends after one round where it holds itself', () => {
    const $defs = { node: object({ next: { $ref: '#/$defs/node' } }) };
    expect(clean(object({ first: { $ref: '#/$defs/node' } }, { $defs }))).toEqual(object({ first: object({ next: { type: 'object' } }) }));
  });

  test('is refused where its references multiply without bound, or lead out of it', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`d${index}`, object({ a: { $ref: `#/$defs/d${index + 1}` }, b: { $ref: `#/$defs/d${index + 1}` } })]),
    );
    const bomb = object({ x: { $ref: '#/$defs/d0' } }, { $defs: { ...$defs, d30: { type: 'string' } } });
    expect(() => clean(bomb)).toThrow(expect.objectContaining({ code: 'invalid_request', param: 'tools[0].function.parameters' }));
    expect(() => clean({ allOf: [{ $ref: '#' }] })).toThrow(/too large/);
    expect(() => clean({ $ref: 'https://example.com/schema' })).toThrow(/which is not in it/);
  });

  test.each<[string, JsonObject, JsonObject]>([
    ['a type or null', { type: ['string', 'null'] }, { type: 'string', nullable: true }],
    [
      'one of two types',
      { type: ['string', 'integer'], description: 'Id' },
      {
        description: 'Id',
        anyOf: [
          { type: 'string', description: 'Id' },
          { type: 'integer', description: 'Id' },
        ],
      },
    ],
    [
      'something or null',
      { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }], description: 'Age' },
      { type: 'integer', minimum: 1, description: 'Age', nullable: true },
    ],
    ['one of several', { oneOf: [{ type: 'string' }, { type: 'boolean' }] }, { anyOf: [{ type: 'string' }, { type: 'boolean' }] }],
    [
      'all of several',
      { allOf: [object({ a: { type: 'string' } }, { required: ['a'] }), object({ b: { type: 'string' } })] },
      object({ a: { type: 'string' }, b: { type: 'string' } }, { required: ['a'] }),
    ],
    ['a constant', { const: 'a' }, { type: 'string', enum: ['a'] }],
    ['texts or null', { type: 'string', enum: ['a', null] }, { type: 'string', enum: ['a'], nullable: true }],
    ['listed numbers', { type: 'integer', enum: [1, 2] }, { type: 'integer', description: 'One of: 1, 2.' }],
    ['a list of anything', { type: 'array' }, { type: 'array', items: { type: 'string' } }],
    [
      'a pair',
      { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }] },
      { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'number' }] } },
    ],
    ['an object without properties', { type: 'object', properties: {}, additionalProperties: { type: 'string' } }, { type: 'object' }],
  ])('says %s in its own way', (_, schema, expected) => {
    expect(clean(schema)).toEqual(expected);
  });
});
