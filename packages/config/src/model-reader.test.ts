import { ConfigurationError, createGateway, Directory, type JsonObject, memoryDirectoryStore } from '@sluice/core';
import { afterEach, describe, expect, it } from 'vitest';
import { load, removeFolders } from './config-folder.test.support.ts';
import { litellmModelReader } from './model-reader.ts';

afterEach(removeFolders);

const read = (body: JsonObject, providers = ['openai', 'gemini']) => litellmModelReader()(body, providers);

function problemsOf(body: JsonObject): readonly string[] {
  try {
    read(body);
  } catch (error) {
    if (error instanceof ConfigurationError)
      return error.problems.map(({ place, message, suggestion }) => `${place}: ${message}${suggestion ? ` ${suggestion}` : ''}`);
    throw error;
  }
  return [];
}

describe('litellmModelReader', () => {
  it('reads what is sent to /model/new, empty fields and bookkeeping included', () => {
    const { name, deployment } = read({
      model_name: 'gpt',
      litellm_params: {
        model: 'openai/gpt-4o',
        api_key: 'sk-1',
        rpm: 5,
        tpm: null,
        weight: null,
        temperature: 0.1,
        input_cost_per_token: 1e-6,
        output_cost_per_token: 2e-6,
      },
      model_info: { id: 'abc', db_model: true, created_by: 'x', mode: 'chat', base_model: null, supports_vision: false },
      created_at: 'now',
    });
    expect(name).toBe('gpt');
    expect(deployment).toMatchObject({
      provider: 'openai',
      model: 'gpt-4o',
      requestsPerMinute: 5,
      defaults: { temperature: 0.1 },
      price: { input: 1_000_000_000, output: 2_000_000_000 },
      capabilities: { vision: false },
    });
    expect([deployment.apiKey?.reveal(), 'id' in deployment, 'weight' in deployment]).toEqual(['sk-1', false, false]);
    expect(read({ model_name: 'g', litellm_params: { model: 'google/gemini-pro' } }).deployment.provider).toBe('gemini');
  });

  it('tells all mistakes, each with its place', () => {
    expect(problemsOf({ model_name: 'a', litellm_params: { model: 'opena/x', temprature: 1, timeout: 'soon' } })).toEqual([
      'litellm_params.timeout: expected number, received string',
      "litellm_params.temprature: unknown key. Did you mean 'temperature'?",
    ]);
    expect(problemsOf({ model_name: 'a', litellm_params: { model: 'opena/x' } })).toEqual([
      "litellm_params.model: this gateway has no provider 'opena'. Did you mean 'openai'?",
    ]);
    expect(problemsOf({ model_name: 'a', litellm_params: { model: 'gpt-4o' } })).toEqual([
      "litellm_params.model: 'gpt-4o' does not say which provider has it. Write it as provider/gpt-4o, such as openai/gpt-4o.",
    ]);
    expect(problemsOf({})).toEqual(['model_name: is missing; expected string', 'litellm_params: is missing; expected object']);
    expect(
      problemsOf({ model_name: 'a', litellm_params: { model: 'auto_router/complexity_router', complexity_router_config: { tiers: { SIMPLE: 'a' } } } }),
    ).toHaveLength(1);
  });

  it('reads no variable of the environment unless it is let', () => {
    const body = { model_name: 'a', litellm_params: { model: 'openai/x', api_key: 'os.environ/PATH', api_base: 'https://elsewhere.example' } };
    expect(problemsOf(body)).toEqual(['litellm_params.api_key: the environment variable PATH is not set']);
    expect(litellmModelReader({ env: { PATH: 'k' } })(body, ['openai']).deployment.apiKey?.reveal()).toBe('k');
  });

  it("sends no key of the gateway's to an address that comes with a model", () => {
    const body = { model_name: 'a', litellm_params: { model: 'openai/x', api_base: 'https://elsewhere.example/v1' } };
    expect(problemsOf(body)).toEqual([expect.stringContaining('litellm_params.api_key: is missing')]);
    expect(read({ ...body, litellm_params: { ...body.litellm_params, api_key: 'none' } }).deployment.apiKey?.reveal()).toBe('none');
  });

  it('comes with store_model_in_db, and every provider that is installed', async () => {
    const { options } = load(
      'model_list: [{ model_name: a, litellm_params: { model: acme/a } }]\ngeneral_settings: { master_key: sk-0123456789abcdef, store_model_in_db: true }',
      { ACME_KEY: 'k' },
    );
    const store = memoryDirectoryStore();
    const gateway = createGateway({ ...options, directory: store });
    expect(gateway.models.read({ model_name: 'b', litellm_params: { model: 'acme/b', api_key: 'k' }, model_info: { id: 'x' } })).toMatchObject({
      name: 'b',
      deployment: { id: 'x', provider: 'acme', model: 'b' },
    });
    const directory = new Directory({ store, onError: () => undefined });
    await directory.write([{ kind: 'model', id: 'x', from: 0, body: { model_name: 'b', litellm_params: { model: 'acme/b', api_key: 'k' } } }], []);
    // A gateway looks twice a second.
    for (let round = 0; round < 100 && !gateway.models.names.includes('b'); round += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(gateway.models.names).toEqual(['a', 'b']);
    await gateway.close();
    await directory.close();
  });
});
