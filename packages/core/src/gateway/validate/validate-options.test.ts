import { afterEach, describe, expect, test, vi } from 'vitest';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import type { Provider } from '../../provider/provider.ts';
import type { Deployment } from '../../types/model.ts';
import type { ModelGroup } from '../../types/model-group.ts';
import { createGateway } from '../create-gateway.ts';
import type { GatewayOptions } from '../options.ts';

const provider: Provider = { name: 'acme', operations: {} };
const deployment: Deployment = { id: 'd1', provider: 'acme', model: 'm' };
const group: ModelGroup = { name: 'fast', deployments: [deployment] };
const sound: GatewayOptions = { providers: [provider], models: [group], masterKey: 'sk-a-long-master-key' };

/** The lines of the refusal, or none. */
function mistakes(options: object): string[] {
  try {
    createGateway({ ...sound, ...options });
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.trim());
  }
}

afterEach(() => vi.unstubAllEnvs());

describe('wrong options are refused at start-up', () => {
  test('a word, a flag or a strategy that would be taken for something else', () => {
    expect(
      mistakes({
        budget: { unpriced: 'alow' },
        onStoreError: 'opn',
        router: { strategy: 'least-busy', resume: 'false' },
        models: [{ ...group, resume: 'no', strategy: {} }],
        aliases: { quick: { to: 'fast', strategy: 'sticky' } },
      }),
    ).toEqual([
      "budget.unpriced: 'alow' is none of 'refuse', 'allow'. Did you mean 'allow'?",
      "onStoreError: 'opn' is none of 'closed', 'open'. Did you mean 'open'?",
      'models[0].resume: is neither true nor false',
      'router.resume: is neither true nor false',
      'router.strategy: "least-busy" is no strategy; @sluice/core/routing has them, such as leastBusy()',
      'models[0].strategy: {} is no strategy; @sluice/core/routing has them, such as leastBusy()',
      'aliases.quick.strategy: "sticky" is no strategy; @sluice/core/routing has them, such as leastBusy()',
    ]);
  });

  test.each<[string, object, string[]]>([
    ['a misspelt option', { limmits: {} }, ["limmits: is not an option. Did you mean 'limits'?"]],
    [
      'a misspelt limit',
      { allowance: { perKey: { limits: { requestPerMinute: 1 } } } },
      ["allowance.perKey.limits.requestPerMinute: is not an option. Did you mean 'requestsPerMinute'?"],
    ],
    [
      'a negative limit',
      { allowance: { gateway: { limits: { parallelCalls: -1 } } } },
      ['allowance.gateway.limits.parallelCalls: -1 is not a whole number of 0 or more'],
    ],
    [
      'a broken budget',
      { allowance: { perKey: { budgetNanoUsd: 0.5 }, gateway: { budgetNanoUsd: NaN } } },
      ['allowance.perKey.budgetNanoUsd: 0.5 is not a whole number of 0 or more', 'allowance.gateway.budgetNanoUsd: NaN is not a whole number of 0 or more'],
    ],
    [
      'rules about parameters that are none',
      { parameterRules: { dropUnsuported: true, modify: 'yes', drop: ['tools[x]', 'messages'] } },
      [
        "parameterRules.dropUnsuported: is not an option. Did you mean 'dropUnsupported'?",
        "parameterRules.modify: 'yes' is neither true nor false",
        "parameterRules.drop: 'tools[x]' is no path of a field Write it as seed, or tools[*].function.strict.",
        "parameterRules.drop: 'messages' is what the request is about",
      ],
    ],
    [
      'a stand-in that is nowhere',
      { models: [{ name: 'fast', deployments: [{ ...deployment, standIn: 'acne' }] }] },
      ["models[0].deployments[0].standIn: no provider is named 'acne'; there is 'acme'. Did you mean 'acme'?"],
    ],
    [
      'windows that are none',
      {
        allowance: {
          perKey: { budgetNanoUsd: 1, budgetWindow: { length: '1hr', timeZone: 'Mars/Olympus' } },
          gateway: { budgetNanoUsd: 1, budgetWindow: { length: '1d', alignment: 'rolling', resetAt: '24:00' } },
        },
        keys: [{ id: 'a', key: 'sk-1', budgetWindow: { length: '1d', zone: 'UTC' } }],
      },
      [
        'keys[0].budgetWindow.zone: is not an option.',
        'keys[0].budgetWindow: starts a budget anew that is not there; say how much it is in budgetNanoUsd',
        'allowance.perKey.budgetWindow.length: "1hr" is no length such as 30s, 5m, 2h, 1d, 1w or 1mo',
        "allowance.perKey.budgetWindow.timeZone: 'Mars/Olympus' is no time zone such as Europe/Berlin",
        "allowance.gateway.budgetWindow.resetAt: '24:00' is no time of day such as 06:30",
        'allowance.gateway.budgetWindow.alignment: a window that rolls begins at no time of day; leave timeZone and resetAt out',
      ],
    ],
    ['an empty master key', { masterKey: '' }, ['masterKey: the master key is empty; whoever has it administers the gateway']],
    ['an empty key', { keys: [{ id: 'a', key: ' ' }] }, ['keys[0].key: the key is empty; whoever sends none would have it']],
    ['an id that is taken', { keys: [{ id: 'master', key: 'sk-1' }] }, ["keys[0].id: 'master' is a name the gateway uses itself"]],
    ['a date that is none', { keys: [{ id: 'a', key: 'sk-1', expiresAt: new Date('soon') }] }, ['keys[0].expiresAt: is not a date']],
    [
      'keys that are the same',
      {
        keys: [
          { id: 'a', key: 'sk-1' },
          { id: 'a', key: 'sk-1' },
          { id: 'b', key: 'sk-a-long-master-key' },
        ],
      },
      [
        'keys[1].id: the id is the same as at keys[0].id',
        'keys[1].key: the key is the same as at keys[0].key',
        'keys[2].key: the key is the same as at masterKey',
      ],
    ],
    ['auth: true', { auth: true }, ['auth: can only be false; leave it out to ask for keys']],
    [
      'a provider nobody knows',
      { models: [{ ...group, deployments: [{ ...deployment, provider: 'acne' }] }] },
      ["models[0].deployments[0].provider: no provider is named 'acne'; there is 'acme'. Did you mean 'acme'?"],
    ],
    ['what a provider finds wrong', { providers: [{ ...provider, problemsOf: () => ['acme needs a key'] }] }, ['models[0].deployments[0]: acme needs a key']],
    [
      'a group without deployments',
      { models: [{ name: 'fast', deployments: [] }] },
      ["models[0].deployments: 'fast' has none, so nothing could answer for it"],
    ],
    ['groups that are the same', { models: [group, group] }, ['models[1].name: the name is the same as at models[0].name']],
    [
      'deployments that are the same',
      { models: [group, { name: 'b', deployments: [{ ...deployment }] }] },
      ['models[1].deployments[0].id: the id is the same as at models[0].deployments[0].id'],
    ],
    ['an unknown fallback', { models: [{ ...group, fallbacks: ['fest'] }] }, ["models[0].fallbacks: no model is named 'fest'. Did you mean 'fast'?"]],
    ['an unknown default fallback', { router: { defaultFallbacks: ['slow'] } }, ["router.defaultFallbacks: no model is named 'slow'."]],
    [
      'an alias of nothing, and one that hides a model',
      { aliases: { quick: 'slow', fast: 'fast' } },
      ['aliases.fast: a model has this name already', "aliases.quick: no model is named 'slow'."],
    ],
    [
      'a gap nothing fills',
      { models: [{ name: 'fast', deployments: [{ ...deployment, model: 'x-*' }] }] },
      ["models[0].deployments[0].model: 'x-*' has more '*' than the name 'fast' could fill"],
    ],
    [
      'a price that is none',
      { prices: { 'acme/m': { input: -1, output: 1.5, tiers: [{ aboveInputTokens: -5, input: NaN, output: 1 }] } } },
      [
        "prices['acme/m'].input: -1 is not a whole number of nano-dollars per million",
        "prices['acme/m'].output: 1.5 is not a whole number of nano-dollars per million",
        "prices['acme/m'].tiers[0].input: NaN is not a whole number of nano-dollars per million",
        "prices['acme/m'].tiers[0].aboveInputTokens: has to be higher than that of the tier before",
      ],
    ],
    [
      'a deployment of odd numbers',
      { models: [{ name: 'fast', deployments: [{ ...deployment, weight: -1, timeoutMs: 0 }] }] },
      ['models[0].deployments[0].timeoutMs: 0 is not a whole number of 1 or more', 'models[0].deployments[0].weight: -1 is not a share of 0 or more'],
    ],
    [
      'a misspelt part of a key, which would not hold',
      { keys: [{ id: 'a', key: 'sk-1', blocked: true, expires: '2020-01-01', modles: ['fast'] }] },
      [
        "keys[0].blocked: is not an option. Did you mean 'isBlocked'?",
        "keys[0].expires: is not an option. Did you mean 'expiresAt'?",
        "keys[0].modles: is not an option. Did you mean 'models'?",
      ],
    ],
    [
      'a key of odd kinds',
      { keys: [{ id: 'a', key: 'sk-1', expiresAt: '2020-01-01', isBlocked: 'yes', models: 'fast' }] },
      ['keys[0].expiresAt: is not a date', 'keys[0].isBlocked: is neither true nor false', 'keys[0].models: is not a list'],
    ],
    [
      'misspelt parts of models',
      { models: [{ ...group, fallback: ['fast'], deployments: [{ ...deployment, baseURL: 'http://127.0.0.1' }] }], cache: { ttl: 1 } },
      [
        "cache.ttl: is not an option. Did you mean 'ttlMs'?",
        "models[0].fallback: is not an option. Did you mean 'fallbacks'?",
        "models[0].deployments[0].baseURL: is not an option. Did you mean 'baseUrl'?",
      ],
    ],
    [
      'a key of a provider as plain text',
      { models: [{ ...group, deployments: [{ ...deployment, apiKey: 'sk-plain' }] }] },
      ['models[0].deployments[0].apiKey: has to be wrapped, as in secret(process.env.API_KEY), so that it is never printed'],
    ],
    [
      'a price without output, and with a part that is none',
      { prices: { m: { input: 1, outptu: 2 } } },
      ["prices['m'].output: is missing; say 0 where it costs nothing", "prices['m'].outptu: is not a part of a price. Did you mean 'output'?"],
    ],
    [
      'a guardrail that would never run',
      {
        guardrails: [
          { guardrail: { name: 'g', check: () => ({ action: 'allow' }) }, on: ['inptu'], stream: { mode: 'windows' }, default: false },
          { guardrail: { name: 'h' }, on: [] },
        ],
      },
      [
        'guardrails[0].default: is not an option.',
        "guardrails[0].on[0]: 'inptu' is none of input, output. Did you mean 'input'?",
        "guardrails[0].stream.mode: 'windows' is none of buffer, window, observe. Did you mean 'window'?",
        'guardrails[1].guardrail.check: has to be a function',
        'guardrails[1].on: has to be a list of input and output; otherwise it would never run',
      ],
    ],
    [
      'a hook of no phase, a sink that cannot write, an identify that cannot be asked',
      { hooks: [false, [{ name: 'a', phase: 'gaurdrail', handle: () => {} }], { name: 'b', phase: 'auth' }], sinks: [{ name: 's' }], identify: 5 },
      [
        "hooks[1][0].phase: 'gaurdrail' is none of logger, auth, rate-limit, budget, guardrail, cache, router. Did you mean 'guardrail'?",
        'hooks[2].handle: has to be a function',
        'sinks[0].write: has to be a function',
        'identify: has to be a function',
      ],
    ],
  ])('%s', (_, options, expected) => {
    expect(mistakes(options)).toEqual(expected);
  });

  test('all mistakes are told at once', () => {
    expect(mistakes({ masterKey: '', bodyLimitBytes: 0, keys: [{ id: '', key: '' }] })).toHaveLength(5);
  });
});

describe('P65: a master key that can be guessed', () => {
  test.each(['sk-1234', 'SK-1234', 'short'])("'%s' is refused in production and nowhere else", (masterKey) => {
    expect(mistakes({ masterKey })).toEqual([]);
    vi.stubEnv('NODE_ENV', 'production');
    expect(mistakes({ masterKey })).toEqual([expect.stringMatching(/^masterKey: the master key /)]);
  });
});

test('right options pass: one deployment in two groups, wildcards, fallbacks to aliases', async () => {
  const options: GatewayOptions = {
    ...sound,
    models: [
      { ...group, fallbacks: ['acme/large', 'quick'] },
      { name: 'both', deployments: [deployment] },
      { name: 'acme/*', deployments: [{ id: 'd2', provider: 'acme', model: '*' }] },
    ],
    aliases: { quick: ['fast', 'both'] },
    allowance: { perKey: { limits: { requestsPerMinute: 0 } } },
  };
  expect(mistakes(options)).toEqual([]);
});
