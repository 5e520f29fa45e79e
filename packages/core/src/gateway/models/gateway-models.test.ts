import { afterEach, describe, expect, it } from 'vitest';
import { memoryDirectoryStore } from '../../directory/memory-directory-store.ts';
import { Directory } from '../../directory/directory.ts';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import { GatewayError } from '../../errors/gateway-error.ts';
import { secret } from '../../models/secret.ts';
import type { Provider, WireResponse } from '../../provider/provider.ts';
import { memoryStore } from '../../store/memory-store.ts';
import type { DirectoryStore } from '../../types/directory.ts';
import type { JsonObject } from '../../types/json.ts';
import type { Deployment } from '../../types/model.ts';
import type { ModelReader } from '../../types/model-reader.ts';
import { createGateway, type Gateway } from '../create-gateway.ts';
import type { GatewayOptions } from '../options.ts';

const answer = (content: string): string =>
  JSON.stringify({
    id: 'c',
    object: 'chat.completion',
    created: 1,
    model: 'm',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  });
const failing = new Set<string>();
const waits = new Map<string, Promise<void>>();
let asked: string[] = [];

/** Answers with the model's name, when it is let. */
const provider: Provider = {
  name: 'p',
  operations: {
    chat: {
      toRequest: ({ deployment, request }) => ({
        url: 'p:',
        headers: {},
        body: JSON.stringify({ model: deployment.model, temperature: request.temperature }),
      }),
      toError: ({ status }) => new GatewayError(status === 429 ? 'upstream_rate_limited' : 'upstream_error', `status ${status}`, { retryable: true }),
    },
  },
  async send({ body }): Promise<WireResponse> {
    const { model, temperature } = JSON.parse(String(body)) as { readonly model: string; readonly temperature?: number };
    asked.push(model);
    await waits.get(model);
    const status = failing.has(model) ? 429 : 200;
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(answer(temperature === undefined ? model : `${model} at ${temperature}`));
    }
    return { status, headers: { 'content-type': 'application/json' }, body: bytes() };
  },
};
const d = (id: string, more: Partial<Deployment> = {}): Deployment => ({ id, provider: 'p', model: id, ...more });
const opened: Gateway[] = [];

function open(options: GatewayOptions = {}): Gateway {
  const gateway = createGateway({ auth: false, providers: [provider], onError: () => undefined, ...options });
  opened.push(gateway);
  return gateway;
}

async function say(gateway: Gateway, model: string): Promise<string> {
  const { choices } = await gateway.chat.completions.create({ model, messages: [{ role: 'user', content: 'x' }] });
  return String(choices[0]?.message.content);
}

/** A gateway looks twice a second. */
async function until(isSo: () => boolean): Promise<void> {
  for (let round = 0; round < 100 && !isSo(); round += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(isSo()).toBe(true);
}

function problemsOf(change: () => void): readonly string[] {
  try {
    change();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(({ place, message }) => `${place}: ${message}`);
    throw error;
  }
  return [];
}

afterEach(async () => {
  failing.clear();
  waits.clear();
  asked = [];
  for (const gateway of opened.splice(0)) await gateway.close();
});

describe('gateway.models', () => {
  it('adds, updates, blocks, unblocks and removes groups', async () => {
    const gateway = open({ models: [{ name: 'a', deployments: [d('a1')] }] });
    gateway.models.add({ name: 'b', deployments: [d('b1')], fallbacks: ['a'] });
    expect([gateway.models.names, await say(gateway, 'b'), await say(gateway, 'b1')]).toEqual([['a', 'b'], 'b1', 'b1']);

    gateway.models.block('b');
    expect([gateway.models.names, await say(gateway, 'b')]).toEqual([['a'], 'a1']);
    gateway.models.update('b', { fallbacks: undefined });
    await expect(say(gateway, 'b')).rejects.toMatchObject({ code: 'no_deployment_fits', message: expect.stringContaining('blocked') });
    gateway.models.unblock('b');
    expect(await say(gateway, 'b')).toBe('b1');

    gateway.models.remove('b');
    await expect(say(gateway, 'b')).rejects.toMatchObject({ code: 'model_not_found' });
    expect(gateway.models.groups.map(({ name }) => name)).toEqual(['a']);
  });

  it('does the same with deployments, of which the last takes its group along', async () => {
    const gateway = open({ models: [{ name: 'a', deployments: [d('a1')] }] });
    gateway.models.deployments.add('a', d('a2'));
    gateway.models.deployments.add('new', d('n'));
    gateway.models.deployments.block('a1');
    expect([await say(gateway, 'a'), await say(gateway, 'new')]).toEqual(['a2', 'n']);
    gateway.models.deployments.update('a2', { model: 'other' });
    expect(await say(gateway, 'a')).toBe('other');
    gateway.models.deployments.unblock('a1');
    gateway.models.deployments.remove('a2');
    expect(await say(gateway, 'a')).toBe('a1');
    gateway.models.deployments.remove('n');
    expect(gateway.models.names).toEqual(['a']);
  });

  it('tells all mistakes at once, like the start, and then changes nothing', () => {
    const gateway = open({ models: [{ name: 'a', deployments: [d('a1')] }] });
    const wrong = { name: 'b', deployments: [{ ...d('a1'), provider: 'q', wieght: 2, timeoutMs: -1 }], fallbacks: ['nowhere'] };
    expect(problemsOf(() => gateway.models.add(wrong))).toEqual([
      'models.b.deployments.a1.wieght: is not an option.',
      'models.b.deployments.a1.timeoutMs: -1 is not a whole number of 1 or more',
      "models.b.deployments.a1.provider: no provider is named 'q'; there is 'p'.",
      'models.b.deployments.a1.id: the id is the same as at models.a.deployments.a1.id',
      "models.b.fallbacks: no model is named 'nowhere'.",
    ]);
    expect(() => gateway.models.add(wrong)).toThrow(/^models\.add\('b'\) is refused:\n {2}models\.b\./);
    expect(gateway.models.names).toEqual(['a']);
    expect(problemsOf(() => gateway.models.add({ name: 'a', deployments: [d('x')] }))).toEqual(['models[1].name: the name is the same as at models[0].name']);
    expect(problemsOf(() => gateway.models.update('nowhere', {}))).toEqual(['models.nowhere: there is no such model.']);
    gateway.models.add({ name: 'b', deployments: [d('b1')], fallbacks: ['a'] });
    expect(problemsOf(() => gateway.models.remove('a'))).toEqual(["models.b.fallbacks: no model is named 'a'."]);
    expect(() => gateway.models.deployments.block('nobody')).toThrow(/^models\.deployments\.block\('nobody'\) is refused:\n {2}deployments\.nobody: /);
  });

  it('lets calls under way end with what they began with', async () => {
    const gateway = open({
      models: [
        { name: 'a', deployments: [d('a1')], fallbacks: ['b'] },
        { name: 'b', deployments: [d('b1')] },
      ],
      router: { retries: 0 },
    });
    let go = (): void => undefined;
    waits.set('a1', new Promise((resolve) => (go = resolve)));
    failing.add('a1');
    const call = say(gateway, 'a');
    await new Promise(setImmediate);
    gateway.models.update('a', { fallbacks: undefined });
    gateway.models.remove('b');
    gateway.models.add({ name: 'b', deployments: [d('b2')] });
    go();
    expect([await call, await say(gateway, 'b')]).toEqual(['b1', 'b2']);
  });

  it('keeps what is known of deployments that have not changed, and forgets a failure when the credential is new', async () => {
    const [one, two] = [d('one'), d('two')];
    const gateway = open({ models: [{ name: 'a', deployments: [one, two] }], router: { retries: 0, cooldownMs: 60_000 } });
    const status = async (id: string): Promise<string | undefined> => {
      const { candidates } = await gateway.explain({ model: 'a', messages: [] });
      return candidates.find(({ deployment }) => deployment === id)?.status;
    };
    failing.add('one');
    await say(gateway, 'one').catch(() => undefined);
    expect(await status('one')).toBe('resting');
    gateway.models.add({ name: 'z', deployments: [d('z1')] });
    gateway.models.deployments.add('a', d('three'));
    expect(await status('one')).toBe('resting');
    gateway.models.deployments.update('one', { weight: 3 });
    expect(await status('one')).toBe('resting');
    gateway.models.deployments.update('one', { apiKey: secret('sk-new') });
    expect(await status('one')).not.toBe('resting');
  });

  it('counts calls under way on, when a deployment is told otherwise about', async () => {
    const gateway = open({ models: [{ name: 'a', deployments: [d('a1', { parallelCalls: 1 })] }], router: { retries: 0, queue: { maxLength: 0 } } });
    let go = (): void => undefined;
    waits.set('a1', new Promise((resolve) => (go = resolve)));
    const call = say(gateway, 'a');
    await new Promise(setImmediate);
    gateway.models.deployments.update('a1', { weight: 2 });
    await expect(say(gateway, 'a')).rejects.toMatchObject({ code: 'deployments_busy' });
    go();
    await call;
    expect(await say(gateway, 'a')).toBe('a1');
  });

  it('drops no call while models change all the time', async () => {
    const gateway = open({ models: [{ name: 'a', deployments: [d('a0')] }] });
    const calls: Promise<string>[] = [];
    for (let round = 1; round <= 200; round += 1) {
      calls.push(say(gateway, 'a'), say(gateway, 'a'));
      gateway.models.deployments.add('a', d(`a${round}`));
      gateway.models.deployments.remove(`a${round - 1}`);
      calls.push(say(gateway, 'a'));
      if (round % 20 === 0) await new Promise(setImmediate);
    }
    const answers = await Promise.allSettled(calls);
    expect(answers.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(gateway.models.groups[0]?.deployments.map(({ id }) => id)).toEqual(['a200']);
  });

  it('says what a call would cost with each model, the cheapest deployment of each', () => {
    const price = (each: number) => ({ input: each * 1_000_000, output: each * 1_000_000 });
    const gateway = open({
      models: [
        { name: 'dear', deployments: [d('d1', { price: price(9) }), d('d2', { price: price(7) })] },
        { name: 'free', deployments: [d('f1', { model: 'no-such-model' })] },
        { name: 'p/*', deployments: [d('w', { model: '*' })] },
        { name: 'cheap', deployments: [d('c1', { price: price(1), isBlocked: true }), d('c2', { price: price(2) })] },
      ],
    });
    expect(gateway.models.costs({ inputTokens: 10, outputTokens: 5 })).toEqual([
      { model: 'cheap', deployment: 'c2', costNanoUsd: 30 },
      { model: 'dear', deployment: 'd2', costNanoUsd: 105 },
      { model: 'free', deployment: undefined, costNanoUsd: undefined },
    ]);
  });

  it('hides the credentials of added models in what is logged, and of those just replaced', async () => {
    const messages: (string | undefined)[] = [];
    const leaky: Provider = {
      name: 'leaky',
      operations: { chat: { toRequest: () => ({ url: 'leaky:', headers: {} }), toError: ({ body }) => new GatewayError('upstream_error', body) } },
    };
    const gateway = open({
      providers: [
        {
          ...leaky,
          send: () => {
            async function* bytes(): AsyncGenerator<Uint8Array> {
              yield Buffer.from('your key hunter2-hunter2 is bad');
            }
            return Promise.resolve({ status: 400, headers: {}, body: bytes() });
          },
        },
      ],
      sinks: [{ name: 's', write: (records) => void messages.push(...records.map(({ message }) => message)) }],
      quoteErrors: true,
      models: [],
    });
    gateway.models.add({ name: 'm', deployments: [{ id: 'm', provider: 'leaky', model: 'm', apiKey: secret('hunter2-hunter2') }] });
    await say(gateway, 'm').catch(() => undefined);
    await gateway.close();
    expect(messages).toEqual(['your key [redacted] is bad']);
  });
});

describe('models of the directory', () => {
  const reader: ModelReader = ({ model_name, litellm_params }, providers) => {
    const { model } = litellm_params as { readonly model: string };
    const [name = '', own = ''] = model.split('/');
    if (!providers.includes(name)) throw new ConfigurationError([{ place: 'litellm_params.model', message: `no provider is named '${name}'` }]);
    return { name: String(model_name), deployment: { provider: name, model: own } };
  };
  const body = (name: string, model: string, more: JsonObject = {}): JsonObject => ({ model_name: name, litellm_params: { model }, ...more });

  /** As another gateway would write it. */
  const write = (store: DirectoryStore, id: string, from: number, content: JsonObject | undefined): unknown =>
    store.write([{ kind: 'model', id, from, body: content }], []);

  it('are called by every gateway that shares it within a second, until they are deleted', async () => {
    const store = memoryDirectoryStore();
    const gateways = [1, 2].map(() => open({ directory: store, modelReader: reader, models: [{ name: 'a', deployments: [d('a1')] }] }));
    write(store, 'x', 0, body('b', 'p/b-model'));
    write(store, 'y', 0, body('a', 'p/second'));
    await until(() => gateways.every(({ models }) => models.resolve('y') !== undefined));
    for (const gateway of gateways) {
      expect([await say(gateway, 'b'), await say(gateway, 'x'), gateway.models.names]).toEqual(['b-model', 'b-model', ['a', 'b']]);
      expect(gateway.models.resolve('a')?.deployments.map(({ id }) => id)).toEqual(['a1', 'y']);
      expect(problemsOf(() => gateway.models.remove('b'))).toEqual(['models.b: it is kept in the directory, and changed there']);
    }
    expect('replace' in (gateways[0] as Gateway).models).toBe(false);
    const before = gateways[0]?.models.resolve('b');
    write(store, 'y', 2, undefined);
    write(store, 'x', 1, body('b', 'p/other', { model_info: { blocked: true } }));
    await until(() => gateways.every(({ models }) => models.resolve('y') === undefined && models.resolve('b')?.deployments[0]?.isBlocked === true));
    for (const gateway of gateways) {
      await expect(say(gateway, 'b')).rejects.toMatchObject({ code: 'no_deployment_fits' });
      expect(gateway.models.resolve('a')?.deployments.map(({ id }) => id)).toEqual(['a1']);
    }
    expect(gateways[0]?.models.resolve('b')).not.toBe(before);
  });

  it('are left out and told once where they cannot be read, and the others go on', async () => {
    const store = memoryDirectoryStore();
    write(store, 'bad', 0, body('bad', 'q/x'));
    write(store, 'a1', 0, body('taken', 'p/x'));
    write(store, 'good', 0, body('good', 'p/g'));
    write(store, 'named', 0, body('other', 'p/x'));
    const told: unknown[] = [];
    const models = [{ name: 'a', deployments: [d('a1')] }];
    const gateway = open({ directory: store, modelReader: reader, models, aliases: { other: 'a' }, onError: (error) => told.push(error) });
    expect([await say(gateway, 'good'), await say(gateway, 'other'), gateway.models.names]).toEqual(['g', 'a1', ['a', 'good', 'other']]);
    write(store, 'more', 0, body('more', 'p/m'));
    await until(() => gateway.models.resolve('more') !== undefined);
    expect(await say(gateway, 'more')).toBe('m');
    expect(told.map(String)).toEqual([
      "Error: The directory's model 'bad' is left out",
      "Error: The directory's model 'a1' is left out",
      "Error: The directory's model 'named' is left out",
    ]);
  });

  it('can be read before they are written', () => {
    const gateway = open({ directory: memoryDirectoryStore(), modelReader: reader });
    expect(gateway.models.read(body('b', 'p/m', { model_info: { id: 'x' } }))).toEqual({ name: 'b', deployment: { id: 'x', provider: 'p', model: 'm' } });
    expect(problemsOf(() => gateway.models.read(body('b', 'q/m')))).toEqual(["litellm_params.model: no provider is named 'q'"]);
    expect(problemsOf(() => open().models.read({}))).toEqual(['modelReader: is not set, so nobody can read the models of a directory']);
  });

  it('keep their credentials sealed, and are left out by a gateway with another salt key', async () => {
    const seen: unknown[] = [];
    const keyed: ModelReader = (entry, providers) => {
      const { api_key, extra_headers } = entry.litellm_params as JsonObject;
      seen.push([api_key, extra_headers]);
      const read = reader(entry, providers);
      return { ...read, deployment: { ...read.deployment, apiKey: secret(String(api_key)) } };
    };
    const store = memoryDirectoryStore();
    const gateway = open({ directory: store, modelReader: keyed, saltKey: 'salt-1' });
    const entry = {
      model_name: 'b',
      litellm_params: { model: 'p/m', api_key: 'sk-hidden', extra_headers: { Authorization: 'Bearer hidden', 'x-a': 'b' }, max_tokens: 5 },
    };
    const stored = gateway.models.toStored(entry);
    expect(JSON.stringify(stored)).not.toMatch(/hidden/);
    expect(stored).toMatchObject({ model_name: 'b', litellm_params: { model: 'p/m', extra_headers: { 'x-a': 'b' }, max_tokens: 5 } });
    expect(gateway.models.toStored(stored)).toEqual(stored);
    write(store, 'x', 0, stored);
    await until(() => gateway.models.resolve('b') !== undefined);
    expect([await say(gateway, 'b'), seen.at(-1)]).toEqual(['m', ['sk-hidden', { Authorization: 'Bearer hidden', 'x-a': 'b' }]]);

    const told: Error[] = [];
    const other = open({ directory: store, modelReader: keyed, saltKey: 'salt-2', onError: (error) => told.push(error as Error) });
    expect(other.models.names).toEqual([]);
    expect(String(told[0]?.cause)).toMatch(/litellm_params\.api_key[^]*litellm_params\.extra_headers\.Authorization/);
    expect(problemsOf(() => open({ directory: store, modelReader: keyed }).models.toStored(entry))).toEqual([
      'saltKey: is not set, and credentials are kept sealed by it',
    ]);
  });

  it('are there at once for who writes them through a directory in the same process', async () => {
    const store = memoryDirectoryStore();
    const directory = new Directory({ store, onError: () => undefined });
    await directory.write([{ kind: 'model', id: 'x', from: 0, body: body('b', 'p/m') }], []);
    expect(await say(open({ directory: store, modelReader: reader }), 'b')).toBe('m');
    await directory.close();
  });
});

describe('gateway.updateConfig', () => {
  it('changes the default model and the defaults of requests for calls to come', async () => {
    const gateway = open({ models: [{ name: 'a', deployments: [d('a1')] }] });
    await expect(say(gateway, 'gpt-9')).rejects.toMatchObject({ code: 'model_not_found' });
    gateway.updateConfig({ router: { defaultGroup: 'a' }, defaults: { temperature: 0.5 } });
    expect(await say(gateway, 'gpt-9')).toBe('a1 at 0.5');
    gateway.updateConfig({ models: [{ name: 'p/*', deployments: [d('w', { model: '*' })] }], router: { defaultGroup: undefined, defaultProvider: 'p' } });
    expect(await say(gateway, 'gpt-9')).toBe('gpt-9 at 0.5');
  });

  it('changes tries, limits and budgets, and forgets no count', async () => {
    const gateway = open({ models: [{ name: 'a', deployments: [d('a1', { price: { input: 1_000_000, output: 1_000_000 } })] }], store: memoryStore() });
    await say(gateway, 'a');
    gateway.updateConfig({ allowance: { perKey: { limits: { requestsPerMinute: 2 } } } });
    await say(gateway, 'a');
    await say(gateway, 'a');
    await expect(say(gateway, 'a')).rejects.toMatchObject({ code: 'rate_limited' });
    gateway.updateConfig({ allowance: { perKey: undefined, gateway: { budgetNanoUsd: 1 } } });
    await expect(say(gateway, 'a')).rejects.toMatchObject({ code: 'budget_exceeded' });
    gateway.updateConfig({ allowance: { gateway: undefined }, router: { retries: 1, backoffMs: 0 } });
    failing.add('a1');
    asked = [];
    await say(gateway, 'a').catch(() => undefined);
    expect(asked).toHaveLength(2);
    gateway.updateConfig({ router: { retries: 0 } });
    await say(gateway, 'a').catch(() => undefined);
    expect(asked).toHaveLength(3);
  });

  it('refuses by name what is settled at the start, and what is wrong, and then changes nothing', async () => {
    const gateway = open({ models: [{ name: 'a', deployments: [d('a1')] }] });
    const update = { masterKey: 'x', store: memoryStore(), router: { retries: 0, shareCooldowns: false } };
    expect(problemsOf(() => gateway.updateConfig(update as object))).toEqual([
      'masterKey: cannot be changed while the gateway runs',
      'store: cannot be changed while the gateway runs',
      'router.shareCooldowns: cannot be changed while the gateway runs',
    ]);
    expect(problemsOf(() => gateway.updateConfig({ ...update, rooter: {}, router: { retries: -1, shareCooldowns: false } } as object))).toEqual([
      'masterKey: cannot be changed while the gateway runs',
      'store: cannot be changed while the gateway runs',
      'router.shareCooldowns: cannot be changed while the gateway runs',
      'rooter: is not an option.',
      'router.retries: -1 is not a whole number of 0 or more',
    ]);
    expect(() => gateway.updateConfig({ timeoutMs: 0 })).toThrow(/^updateConfig is refused:\n {2}timeoutMs: /);
    expect(problemsOf(() => gateway.updateConfig({ timeoutMs: 0, defaults: { temperature: 1 }, router: { retires: 1 } as object }))).toEqual([
      'router.retires: is not an option.',
      'timeoutMs: 0 is not a whole number of 1 or more',
    ]);
    expect(await say(gateway, 'a')).toBe('a1');
  });
});
