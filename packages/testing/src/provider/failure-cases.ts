import assert from 'node:assert/strict';
import { type Deployment, GatewayError, type JsonObject, type Mapping, type Operation, type Provider, secret } from '@sluice/core';
import type { ContractCase } from '../store/store-contract.ts';
import { PROVIDER_KEY } from './ask.ts';

/** Bodies that a host, or a proxy in front of it, answers with when it has nothing better to say. */
const BODIES: readonly string[] = [
  '',
  '{}',
  'null',
  '[]',
  'not JSON',
  '<html><body>Bad gateway</body></html>',
  '{"error":{"message":"It failed"}}',
  '{"message":"It failed"}',
];

const RETRYABLE = [429, 500, 502, 503, 504, 529] as const;
const FINAL = [400, 401, 403, 404, 422] as const;

/** The key as hosts are known to repeat it. */
const TOLD_KEYS: readonly string[] = [
  JSON.stringify({ error: { message: `Incorrect API key provided: ${PROVIDER_KEY}.`, type: 'invalid_request_error', code: 'invalid_api_key' } }),
  JSON.stringify({ message: `invalid token ${PROVIDER_KEY}` }),
  JSON.stringify({ detail: `Bearer ${PROVIDER_KEY} is not known` }),
  JSON.stringify({ error: `no such key: ${PROVIDER_KEY}` }),
  `Unauthorized: ${PROVIDER_KEY}`,
];

/** How each operation of a provider tells what went wrong, whatever came in the place of an answer. */
export function failureCases(provider: Provider, given: Partial<Deployment>): readonly ContractCase[] {
  const deployment: Deployment = { id: 'contract', provider: provider.name, model: 'provider-model', apiKey: secret(PROVIDER_KEY), ...given };
  const mappings = Object.entries(provider.operationsOf?.(deployment) ?? provider.operations) as [Operation, Mapping][];
  const errorOf = ([operation, mapping]: [Operation, Mapping], status: number, body: string): GatewayError =>
    mapping.toError({ status, headers: {}, body }, { operation, request: { model: 'm' }, deployment });

  return [
    {
      name: 'an upstream that is overloaded or broken may be asked again, one that refuses may not',
      run: async () => {
        for (const mapping of mappings) {
          for (const body of BODIES) {
            for (const status of RETRYABLE) check(errorOf(mapping, status, body), true, `${mapping[0]} ${status} ${body}`);
            for (const status of FINAL) check(errorOf(mapping, status, body), false, `${mapping[0]} ${status} ${body}`);
          }
        }
      },
    },
    {
      name: 'no error repeats the key',
      run: async () => {
        for (const mapping of mappings) {
          for (const body of TOLD_KEYS) {
            for (const status of [400, 401, 500]) {
              const { message, code, wireCode, wireType, param } = errorOf(mapping, status, body) as GatewayError & JsonObject;
              assert.ok(![message, code, wireCode, wireType, param].some((text) => String(text).includes(PROVIDER_KEY)), `${mapping[0]} ${status}: ${message}`);
            }
          }
        }
      },
    },
  ];
}

function check(error: GatewayError, retryable: boolean, what: string): void {
  assert.ok(GatewayError.is(error), `${what}: no GatewayError`);
  assert.equal(error.retryable, retryable, `${what}: retryable is ${String(error.retryable)}, as ${error.code}`);
}
