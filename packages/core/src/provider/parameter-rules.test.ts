import { expect, test } from 'vitest';
import type { JsonObject } from '../types/json.ts';
import type { ProviderCall } from './provider.ts';
import { supportedRequest } from './parameter-rules.ts';

function call(request: JsonObject, options: JsonObject = {}): ProviderCall {
  return { operation: 'chat', request: { model: 'm', ...request }, deployment: { id: 'd', provider: 'acme', model: 'm', options } };
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

test('drop_params leaves out what would be refused, and allowed_openai_params lets it through', () => {
  expect(supportedRequest(call({ seed: 4 }, { drop_params: true }), ['seed'])).toEqual({ model: 'm' });
  expect(supportedRequest(call({ seed: 4 }, { allowed_openai_params: ['seed'] }), ['seed'])).toEqual({ model: 'm', seed: 4 });
});

test('additional_drop_params takes out fields at any depth, and changes nothing of the original', () => {
  const tools = [{ type: 'function', function: { name: 'a', strict: true } }, { type: 'function' }];
  const request = { tools, user: 'u' };
  const options = { additional_drop_params: ['tools[*].function.strict', 'tools[1].type', 'user', 'absent.field'] };
  expect(supportedRequest(call(request, options), [])).toEqual({ model: 'm', tools: [{ type: 'function', function: { name: 'a' } }, {}] });
  expect(request.tools[0]?.function?.strict).toBe(true);
});
