import { expect, test } from 'vitest';
import type { JsonObject } from '../types/json.ts';
import type { ParameterRules } from '../types/parameter-rules.ts';
import { supportedRequest } from './parameter-rules.ts';
import type { ProviderCall } from './provider.ts';

function call(request: JsonObject, parameterRules: ParameterRules = {}): ProviderCall {
  return { operation: 'chat', request: { model: 'm', ...request }, deployment: { id: 'd', provider: 'acme', model: 'm', parameterRules } };
}

test('a field that the provider lacks is refused by name, with the name of the provider', () => {
  expect(() => supportedRequest(call({ seed: 4 }), ['seed'])).toThrow(
    expect.objectContaining({ code: 'unsupported_parameter', param: 'seed', message: "Provider 'acme' cannot honour 'seed'" }),
  );
});

test('a field that asks for nothing is left out without a word', () => {
  const asked = { n: 1, logprobs: false, logit_bias: {}, seed: null, temperature: 0.5 };
  expect(supportedRequest(call(asked), ['n', 'logprobs', 'logit_bias', 'seed'])).toEqual({ model: 'm', temperature: 0.5 });
});

test('a request without such fields is given back as it is', () => {
  const asked = call({ temperature: 0.5 });
  expect(supportedRequest(asked, ['seed'])).toBe(asked.request);
});

test('dropUnsupported leaves out what would be refused, and allow lets it through', () => {
  expect(supportedRequest(call({ seed: 4 }, { dropUnsupported: true }), ['seed'])).toEqual({ model: 'm' });
  expect(supportedRequest(call({ seed: 4, n: 2 }, { dropUnsupported: true, allow: ['seed'] }), ['seed', 'n'])).toEqual({ model: 'm', seed: 4 });
});
