import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGateway, type Gateway, type GatewayOptions, memoryDirectoryStore } from '@sluice/core';
import { type LoadedConfig, readConfig } from '@sluice/config';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pluginFiles } from '../support/plugin-packages.ts';
import { packagedProviders } from '../support/provider-packages.ts';
import { folderWith } from './support/sluice.ts';

/** A package as `require` finds it, with the providers that this process has imported: those of the workspace are TypeScript here. */
const ALL = Symbol.for('sluice.test.providers');
const ALL_PACKAGE = {
  'package.json': '{"dependencies":{"sluice-provider-all":"1"}}',
  'node_modules/sluice-provider-all/index.js': "exports.provider = { providers: globalThis[Symbol.for('sluice.test.providers')], discover: () => [] };",
};
beforeAll(async () => {
  Object.assign(globalThis, { [ALL]: (await packagedProviders()).map(({ provider }) => provider) });
});

type BudgetAlert = Parameters<NonNullable<NonNullable<GatewayOptions['budget']>['onAlert']>>[0];

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const PROCESSOR = `
model_list:
  - { model_name: gpt-4o, litellm_params: { model: openai/gpt-4o, api_key: os.environ/OPENAI_API_KEY, max_tokens: 4000, temperature: 0.1 } }
  - model_name: claude-3-5-sonnet
    litellm_params: { model: anthropic/claude-3-5-sonnet-20241022, api_key: os.environ/ANTHROPIC_API_KEY, max_tokens: 4000, temperature: 0.1 }
  - { model_name: gpt-4o-mini, litellm_params: { model: openai/gpt-4o-mini, api_key: os.environ/OPENAI_API_KEY, max_tokens: 2000, temperature: 0.1 } }
  - { model_name: llama3-local, litellm_params: { model: ollama/llama3, api_base: "http://localhost:11434" } }
general_settings:
  master_key: sk-invoice-processor-2025
  max_request_size_mb: 10
  max_response_size_mb: 5
  database_url: os.environ/DATABASE_URL
  track_spend: true
  default_max_requests_per_minute: 100
  default_max_tokens_per_minute: 10000
litellm_settings:
  success_callback: [langfuse, lunary]
  failure_callback: [slack]
  callbacks: [hide_secrets, llamaguard_moderations]
  cache: true
  cache_type: redis
  redis_host: localhost
  redis_port: 6379
  enable_prometheus_metrics: true
router_settings:
  routing_strategy: usage-based-routing
  model_group_alias: { invoice-processing: [gpt-4o, claude-3-5-sonnet, gpt-4o-mini] }
  enable_fallbacks: true
  fallback_models: { gpt-4o: [claude-3-5-sonnet, gpt-4o-mini], claude-3-5-sonnet: [gpt-4o, gpt-4o-mini] }
`;

const ENTERPRISE = `
general_settings:
  allowed_ips: ["192.168.1.0/24", "10.0.0.0/8"]
  public_routes: [/health]
  admin_only_routes: [/spend, /users, /teams]
  enforced_params: [user, metadata.team_id]
  max_budget_per_team: 1000.0
  budget_alert_threshold: 0.8
`;

const TEAMS_AND_GUARDRAILS = `
teams:
  - { team_id: finance-team, models: [gpt-4o, claude-3-5-sonnet], max_budget: 500.0, rate_limit: 200 }
  - { team_id: processing-team, models: [gpt-4o-mini, llama3-local], max_budget: 200.0, rate_limit: 500 }
guardrails:
  hide_secrets: true
  banned_keywords: [password, secret, api_key]
  enable_content_moderation: true
  moderation_confidence_threshold: 0.8
`;

const QUICK = `
model_list:
  - { model_name: gpt-4, litellm_params: { model: openai/gpt-4, api_key: os.environ/OPENAI_API_KEY, max_tokens: 4096, temperature: 0.7 } }
  - { model_name: gpt-3.5-turbo, litellm_params: { model: openai/gpt-3.5-turbo, api_key: os.environ/OPENAI_API_KEY, max_tokens: 2048 } }
  - { model_name: claude-3-sonnet, litellm_params: { model: anthropic/claude-3-sonnet-20240229, api_key: os.environ/ANTHROPIC_API_KEY, max_tokens: 2048 } }
  - { model_name: gemini-pro, litellm_params: { model: gemini/gemini-pro, api_key: os.environ/GEMINI_API_KEY } }
  - { model_name: llama2, litellm_params: { model: ollama/llama2, api_base: "http://host.docker.internal:11434" } }
router_settings:
  routing_strategy: usage-based-routing
  model_group_alias: { gpt-4-group: [gpt-4, gpt-4-turbo], claude-group: [claude-3-opus, claude-3-sonnet, claude-3-haiku] }
  fallbacks: [{ gpt-4: [gpt-3.5-turbo] }, { claude-3-opus: [claude-3-sonnet, gpt-4] }]
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
  database_url: os.environ/DATABASE_URL
  track_cost_per_model: true
  max_budget: 100.0
  budget_duration: 30d
  cache: true
  cache_params: { type: redis, host: os.environ/REDIS_HOST, port: os.environ/REDIS_PORT, ttl: 600 }
  tpm_limit: 10000
  rpm_limit: 100
  success_callback: [langfuse]
  failure_callback: [langfuse]
  allowed_ips: ["*"]
  blocked_ips: []
`;

const HANDS_ON = `
model_list:
  - { model_name: gpt-4, litellm_params: { model: openai/gpt-4, api_key: os.environ/OPENAI_API_KEY } }
  - { model_name: gemini-pro, litellm_params: { model: google/gemini-pro, api_key: os.environ/GOOGLE_API_KEY } }
  - { model_name: llama2-70b-chat, litellm_params: { model: groq/llama2-70b-4096, api_key: os.environ/GROQ_API_KEY } }
general_settings: { master_key: your-master-key-here, database_url: "postgresql://user:pass@localhost/litellm" }
`;

const ENV = {
  OPENAI_API_KEY: 'sk-openai',
  ANTHROPIC_API_KEY: 'sk-anthropic',
  GEMINI_API_KEY: 'gemini-key',
  GOOGLE_API_KEY: 'google-key',
  GROQ_API_KEY: 'groq-key',
  LITELLM_MASTER_KEY: 'sk-a-master-key-for-tests',
  DATABASE_URL: 'postgresql://127.0.0.1:9/none',
  REDIS_HOST: '127.0.0.1',
  REDIS_PORT: '6390',
  LANGFUSE_PUBLIC_KEY: 'pk-lf-test',
  LANGFUSE_SECRET_KEY: 'sk-lf-test',
  LANGFUSE_HOST: 'http://127.0.0.1:9',
  LUNARY_PUBLIC_KEY: 'lunary-test',
  LUNARY_API_URL: 'http://127.0.0.1:9',
  SLACK_WEBHOOK_URL: 'http://127.0.0.1:9/slack',
};

describe('the file of the invoice processor', () => {
  it('loads as it is written', () => {
    const { options, notes, stores } = read(PROCESSOR);
    expect(notes.map(({ message }) => message)).toEqual([
      "is at an Ollama, which is asked for its 'llama-guard3' too, because a guardrail wants a Llama Guard",
    ]);
    expect(options.sinks?.map(({ name }) => name)).toEqual(['langfuse', 'lunary', 'slack', 'prometheus']);
    expect(options.guardrails?.map(({ guardrail, on }) => [guardrail.name, on])).toEqual([
      ['hide_secrets', ['input']],
      ['llamaguard_moderations', ['input']],
    ]);
    expect(options.models?.at(-1)).toMatchObject({ name: 'llama-guard3', isHidden: true, deployments: [{ baseUrl: 'http://localhost:11434' }] });
    expect(stores.settings).toMatchObject({
      store: { name: 'redis', options: { url: 'redis://localhost:6379' } },
      database: { name: 'sql', options: { url: 'postgresql://127.0.0.1:9/none' } },
    });
    expect(options).toMatchObject({ cache: true, bodyLimitBytes: 10 * 1024 ** 2, maxAnswerBytes: 5 * 1024 ** 2 });
  });

  it('has one group of the three models, with what they are told, and each key its limits', async () => {
    const upstream = await openAi();
    const gateway = start(read(PROCESSOR), upstream, { keys: [{ id: 'k', key: 'sk-a-key-of-a-caller' }] });
    const seen: string[] = [];
    for (let call = 0; call < 100; call += 1) {
      const { status } = await ask(gateway, { model: 'gpt-4o-mini', content: `invoice ${call}`, max_tokens: 1 }, 'sk-a-key-of-a-caller');
      seen.push(String(status));
    }
    expect(new Set(seen)).toEqual(new Set(['200']));
    const refused = await ask(gateway, { model: 'gpt-4o-mini', content: 'one more' }, 'sk-a-key-of-a-caller');
    expect(refused).toMatchObject({ status: 429, body: { error: { code: 'rate_limited' } } });
    expect(upstream.bodies).toContainEqual(expect.objectContaining({ model: 'gpt-4o-mini', temperature: 0.1 }));
    const { candidates } = await gateway.explain({ model: 'invoice-processing', messages: [{ role: 'user', content: 'x' }] });
    expect(candidates.map(({ model }) => model).sort()).toEqual(['claude-3-5-sonnet-20241022', 'gpt-4o', 'gpt-4o-mini']);
  });
});

describe('what the invoice processor has around its calls', () => {
  const master = 'sk-invoice-processor-2025';

  it('hides secrets, has Llama Guard judge, and tells Langfuse, Lunary, Slack and Prometheus', async () => {
    const upstream = await openAi();
    const [told, env] = await listening();
    const gateway = start(read(PROCESSOR, env), upstream);
    const token = ['ghp', 'a1B2c3D4e5F6g7H8i9J0a1B2c3D4e5F6g7H8'].join('_');
    const metadata = { generation_name: 'invoice_extraction', tags: ['invoice-processing'] };
    expect((await ask(gateway, { model: 'gpt-4o', content: `invoice ${token}`, metadata }, master)).status).toBe(200);
    expect(await ask(gateway, { model: 'gpt-4o', content: 'a bomb' }, master)).toMatchObject({
      status: 400,
      body: { error: { code: 'llamaguard_moderations' } },
    });
    upstream.status = 500;
    expect((await ask(gateway, { model: 'gpt-4o', content: 'another invoice' }, master)).status).toBeGreaterThanOrEqual(500);
    upstream.status = 200;
    const asked = JSON.stringify(upstream.bodies);
    expect(asked).toContain('invoice [REDACTED]');
    expect(asked).not.toContain(token);

    await expect
      .poll(async () => (await get(gateway, '/metrics', master)).body)
      .toContain('litellm_request_total{model="gpt-4o",provider="openai",status="success"} 1');
    const page = String((await get(gateway, '/metrics', master)).body);
    for (const name of ['litellm_request_latency_count', 'litellm_cost_total', 'litellm_proxy_failed_requests_metric_total', 'sluice_calls_total'])
      expect(page).toContain(name);
    expect((await get(gateway, '/metrics')).status).toBe(401);
    await gateway.close();
    const at = (path: string): string => JSON.stringify(told.filter((one) => one.path.startsWith(path)));
    expect(at('/api/public/otel/v1/traces')).toContain('invoice_extraction');
    expect(at('/v1/runs/ingest')).toContain('"runtime":"sluice"');
    expect(at('/slack')).toMatch(/Calls of `[\w.-]+` at \w+ fail: upstream_error/);
    expect(JSON.stringify(told)).not.toContain(token);
  });

  it('refuses everything while its Llama Guard does not answer', async () => {
    const upstream = await openAi();
    upstream.judge = 'I am another model';
    const gateway = start(read(PROCESSOR), upstream);
    expect(await ask(gateway, { model: 'gpt-4o' }, master)).toMatchObject({ body: { error: { code: 'guardrail_failed' } } });
  });
});

describe('teams and the short form of guardrails', () => {
  it('load as they are written, alone and behind models', () => {
    expect(read(`${ENTERPRISE}${TEAMS_AND_GUARDRAILS}`).options.guardrails).toHaveLength(3);
    const { options, notes } = read(`${PROCESSOR}${TEAMS_AND_GUARDRAILS}`);
    expect(notes.filter(({ message }) => message.includes('supported'))).toEqual([]);
    expect(options.guardrails?.map(({ guardrail }) => guardrail.name)).toEqual(['hide_secrets', 'llamaguard_moderations', 'openai_moderations', 'keywords']);
    expect(options.declared?.map(({ id }) => id)).toEqual(['finance-team', 'processing-team']);
  });

  it('hide secrets, refuse banned words, and what moderation is sure enough of', async () => {
    const upstream = await openAi();
    const gateway = start(read(`${QUICK.replace(/ {2}success_callback[^]*/, '')}${TEAMS_AND_GUARDRAILS}`), upstream);
    const by = async (content: string): Promise<unknown> => {
      const { status, body } = await ask(gateway, { model: 'gpt-4', content, max_tokens: 1 }, ENV.LITELLM_MASTER_KEY);
      return status === 200 ? 200 : (body as { error: { code: string } }).error.code;
    };
    expect(await by('hello')).toBe(200);
    expect(await by('my Password')).toBe('keywords');
    upstream.score = 0.7;
    expect(await by('somewhat bad')).toBe(200);
    upstream.score = 0.9;
    expect(await by('really bad')).toBe('openai_moderations');
    const token = ['glpat', 'a1B2c3D4e5F6g7H8i9J0'].join('-');
    upstream.score = 0;
    expect(await by(`see ${token}`)).toBe(200);
    expect(JSON.stringify(upstream.bodies)).not.toContain(token);
  });
});

describe('its further settings', () => {
  it('let in whom they name, ask for what they demand, and keep routes for administrators', async () => {
    const { options } = read(`${ENTERPRISE}  master_key: sk-a-master-key-for-tests\n${QUICK.slice(0, QUICK.indexOf('router_settings'))}`);
    const upstream = await openAi();
    const gateway = start({ options } as LoadedConfig, upstream, {
      keys: [{ id: 'k', key: 'sk-a-key-of-a-caller', teamId: 'finance' }],
      directory: memoryDirectoryStore(),
    });
    const whole = { model: 'gpt-4', user: 'u', metadata: { team_id: 't' } };
    const from = async (clientAddress: string, body: object = whole): Promise<number> =>
      (await ask(gateway, body, 'sk-a-key-of-a-caller', clientAddress)).status;
    expect(await from('192.168.1.77')).toBe(200);
    expect(await from('10.200.0.1')).toBe(200);
    expect(await from('192.168.2.1')).toBe(403);
    expect(await from('10.0.0.1', { model: 'gpt-4', user: 'u' })).toBe(400);
    expect(await from('10.0.0.1', { model: 'gpt-4', metadata: { team_id: 't' } })).toBe(400);
    const route = async (path: string, key?: string): Promise<number> => (await get(gateway, path, key)).status;
    expect(await route('/health')).toBe(200);
    expect(await route('/team/list')).toBe(401);
  });

  it('give each team a thousand dollars a month, and tell at four fifths of it', async () => {
    const { options } = read(
      `${ENTERPRISE}  master_key: sk-a-master-key-for-tests\n  cost_per_token: { gpt-4: 1 }\n${QUICK.slice(0, QUICK.indexOf('router_settings'))}`,
    );
    const upstream = await openAi();
    const alerts: BudgetAlert[] = [];
    const { access: _, ...open } = options;
    const gateway = start({ options: open } as LoadedConfig, upstream, {
      keys: [{ id: 'k', key: 'sk-a-key-of-a-caller', teamId: 'finance' }],
      budget: { ...options.budget, onAlert: (alert) => void alerts.push(alert) },
    });
    upstream.tokens = 400;
    expect((await ask(gateway, { model: 'gpt-4', max_tokens: 400 }, 'sk-a-key-of-a-caller')).status).toBe(200);
    expect(alerts).toEqual([]);
    expect((await ask(gateway, { model: 'gpt-4', max_tokens: 450 }, 'sk-a-key-of-a-caller')).status).toBe(200);
    expect(alerts).toMatchObject([{ kind: 'threshold', owner: { kind: 'team', id: 'finance' } }]);
    expect((await ask(gateway, { model: 'gpt-4', max_tokens: 450 }, 'sk-a-key-of-a-caller')).status).toBe(402);
  });
});

describe('the quick start', () => {
  it('loads as it is written, and says what its names miss', () => {
    const { options, notes, stores } = read(QUICK);
    expect(notes.filter(({ message }) => message.includes('not supported'))).toEqual([]);
    expect(options.sinks?.map(({ name }) => name)).toEqual(['langfuse']);
    expect(stores.settings.store?.options).toEqual({ url: 'redis://127.0.0.1:6390' });
    expect(options).toMatchObject({
      cache: { ttlMs: 600_000 },
      allowance: {
        gateway: { budgetNanoUsd: 100_000_000_000, budgetWindow: { length: '30d' } },
        perKey: { limits: { requestsPerMinute: 100, tokensPerMinute: 10_000 } },
      },
      access: { allowFrom: ['*'] },
      aliases: { 'gpt-4-group': ['gpt-4'], 'claude-group': ['claude-3-sonnet'] },
    });
    expect(options.access?.denyFrom).toBeUndefined();
  });

  it('spends a hundred dollars in thirty days and no more, from any address', async () => {
    const text = QUICK.replace('tpm_limit: 10000', 'cost_per_token: { gpt-4: 0.25 }').replace('    cache: true', '');
    const upstream = await openAi();
    const gateway = start(read(text), upstream);
    upstream.tokens = 100;
    const master = ENV.LITELLM_MASTER_KEY;
    const seen: number[] = [];
    for (const content of 'abcd') seen.push((await ask(gateway, { model: 'gpt-4', content, max_tokens: 100 }, master, '203.0.113.9')).status);
    expect(seen.lastIndexOf(200)).toBeLessThan(seen.indexOf(402));
    expect(seen[0]).toBe(200);
  });

  it('keeps a failing deployment out, tries three times, and waits a second to ten', () => {
    const { options } = read(`${QUICK.slice(0, QUICK.indexOf('router_settings'))}
router_settings: { routing_strategy: latency-based, cooldown_time: 1, retry_policy: { max_retries: 3, base_delay: 1, max_delay: 10 } }
`);
    expect(options.router).toMatchObject({ cooldownMs: 1000, retries: 3, backoffMs: 1000, maxBackoffMs: 10_000, strategy: { name: 'latency-based-routing' } });
  });

  it('begins budgets at midnight and has its own prices', () => {
    const { options } = read(`${QUICK.slice(0, QUICK.indexOf('router_settings'))}
general_settings: { max_budget: 100.0, budget_duration: 30d, budget_reset_at: "00:00", cost_per_token: { gpt-4: 0.00006, gpt-3.5-turbo: 0.000002 } }
`);
    expect(options).toMatchObject({
      allowance: { gateway: { budgetWindow: { length: '30d', resetAt: '00:00' } } },
      prices: { 'gpt-4': { input: 60_000_000_000, output: 60_000_000_000 } },
    });
  });

  it('limits single users, and calls at the same time', async () => {
    const { options } = read(`${QUICK.slice(0, QUICK.indexOf('router_settings'))}
general_settings:
  { master_key: sk-a-master-key-for-tests, tpm_limit: 1000000, rpm_limit: 1000, max_parallel_requests: 10, user_rate_limit: { "user-1": { tpm: 500000, rpm: 50 } } }
`);
    expect(options.allowance?.perKey?.limits).toMatchObject({ parallelCalls: 10 });
    const gateway = start({ options } as LoadedConfig, await openAi());
    const by = async (user: string): Promise<number> => (await ask(gateway, { model: 'gpt-3.5-turbo', user, max_tokens: 1 }, ENV.LITELLM_MASTER_KEY)).status;
    for (let call = 0; call < 50; call += 1) expect(await by('user-1')).toBe(200);
    expect(await by('user-1')).toBe(429);
    expect(await by('user-2')).toBe(200);
  });
});

describe('the hands-on file', () => {
  it('takes google for gemini, Groq by its name, and a database by its address', () => {
    const { options, notes, stores } = read(HANDS_ON);
    expect(notes).toEqual([]);
    expect(options.models?.map(({ deployments: [one] }) => one?.provider)).toEqual(['openai', 'gemini', 'groq']);
    expect(stores.settings.database?.options).toEqual({ url: 'postgresql://user:pass@localhost/litellm' });
  });
});

function read(text: string, env: Readonly<Record<string, string>> = {}): LoadedConfig {
  const { path, remove } = folderWith({ 'litellm_config.yaml': text, ...ALL_PACKAGE, ...pluginFiles() });
  cleanUps.push(remove);
  return readConfig(`${path}/litellm_config.yaml`, { env: { ...ENV, ...env }, stores: 'none' });
}

/** The gateway of a file, its models answered by `upstream` whatever their provider's address is. */
function start({ options }: Pick<LoadedConfig, 'options'>, upstream: Upstream, more: Partial<GatewayOptions> = {}): Gateway {
  const models = (options.models ?? []).map((group) => ({ ...group, deployments: group.deployments.map((one) => ({ ...one, baseUrl: upstream.baseUrl })) }));
  const gateway = createGateway({ ...options, models, ...more });
  cleanUps.push(() => gateway.close());
  return gateway;
}

type Upstream = {
  readonly baseUrl: string;
  readonly bodies: object[];
  tokens: number;
  /** Of everything but judgements. */
  status: number;
  /** What Llama Guard says of what holds no bomb, and what moderation thinks. */
  judge: string;
  score: number;
};

/** Where records and alerts go, and the environment that sends them there. */
async function listening(): Promise<[{ path: string; body: unknown }[], Record<string, string>]> {
  const told: { path: string; body: unknown }[] = [];
  const server = createServer(async (req, res) => {
    let text = '';
    for await (const chunk of req) text += String(chunk);
    told.push({ path: req.url ?? '', body: JSON.parse(text) as unknown });
    res.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => server.close().closeAllConnections());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return [told, { LANGFUSE_HOST: base, LUNARY_API_URL: base, SLACK_WEBHOOK_URL: `${base}/slack` }];
}

/** Llama Guard as Ollama serves it, and OpenAI's moderations; nothing for what is neither. */
function judgement(path: string, text: string, { judge, score }: Upstream): object | undefined {
  if (path.endsWith('/api/chat') && text.includes('llama-guard3'))
    return { model: 'llama-guard3', message: { role: 'assistant', content: text.includes('bomb') ? 'unsafe\nS9' : judge }, done: true, done_reason: 'stop' };
  if (path.endsWith('/moderations'))
    return { id: 'm', model: 'omni', results: [{ flagged: score > 0.5, categories: { hate: score > 0.5 }, category_scores: { hate: score } }] };
  return undefined;
}

async function openAi(): Promise<Upstream> {
  const bodies: object[] = [];
  const server: Server = createServer(async (req, res) => {
    let text = '';
    for await (const chunk of req) text += String(chunk);
    if (text !== '') bodies.push(JSON.parse(text) as object);
    const judged = judgement(req.url ?? '', text, upstream);
    if (judged) return void res.setHeader('content-type', 'application/json').end(JSON.stringify(judged));
    res.statusCode = upstream.status;
    const usage = { prompt_tokens: 0, completion_tokens: upstream.tokens, total_tokens: upstream.tokens };
    res.setHeader('content-type', 'application/json');
    res.end(
      JSON.stringify({
        id: 'c',
        object: 'chat.completion',
        created: 1,
        model: 'm',
        choices: [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }],
        usage,
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => server.close().closeAllConnections());
  const upstream: Upstream = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    bodies,
    tokens: 1,
    status: 200,
    judge: 'safe',
    score: 0,
  };
  return upstream;
}

type Answer = { readonly status: number; readonly body: unknown };

async function ask(gateway: Gateway, fields: object, key: string, clientAddress = '127.0.0.1'): Promise<Answer> {
  const { content = 'x', ...rest } = fields as { readonly content?: string };
  return send(gateway, 'POST', '/v1/chat/completions', key, { ...rest, messages: [{ role: 'user', content }] }, clientAddress);
}

function get(gateway: Gateway, path: string, key?: string): Promise<Answer> {
  return send(gateway, 'GET', path, key, undefined, '10.0.0.1');
}

async function send(gateway: Gateway, method: string, path: string, key: string | undefined, body: object | undefined, clientAddress: string): Promise<Answer> {
  const reply = await gateway.handle({
    method,
    path,
    query: '',
    headers: { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
    body: () => (body ? { kind: 'bytes', bytes: Buffer.from(JSON.stringify(body)) } : { kind: 'none' }),
    controller: new AbortController(),
    clientAddress,
  });
  let text = '';
  if (typeof reply?.body === 'string') text = reply.body;
  else
    for await (const chunk of (reply?.body ?? []) as AsyncIterable<string | Uint8Array>)
      text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
  return { status: reply?.status ?? 0, body: text.startsWith('{') ? (JSON.parse(text) as unknown) : text };
}
