import { createGateway, type Sink } from '@sluice/core';
import { demo } from '@sluice/provider-demo';
import { callRecord } from '@sluice/testing';
import { describe, expect, it } from 'vitest';
import { prometheusSink, sink } from './index.ts';

async function pageOf(counted: Sink): Promise<string> {
  let page = '';
  for await (const piece of counted.metrics?.().text ?? []) page += piece;
  return page;
}

/** Every sample of a page by its name and labels. */
function samplesIn(page: string): Map<string, number> {
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

describe('the page', () => {
  it('is what Prometheus reads: each metric once, typed, its buckets cumulative up to the count', async () => {
    const counted = prometheusSink();
    await counted.write([callRecord('a', { durationMs: 30 }), callRecord('b', { durationMs: 700 }), callRecord('c', { durationMs: 400_000 })]);
    const page = await pageOf(counted);
    const types = [...page.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type] as const);
    expect(new Set(types.map(([name]) => name)).size).toBe(types.length);
    const ofType = new Map(types);
    for (const line of page.trimEnd().split('\n')) {
      expect(line).toMatch(/^(?:# (?:HELP|TYPE) \w+ .+|[a-z_]+(?:\{(?:\w+="(?:[^"\\\n]|\\["\\n])*",?)*\})? -?[\d.e+-]+)$/);
      const name = /^[a-z_]+/.exec(line)?.[0];
      if (name) expect(ofType.has(name) || ofType.get(name.replace(/_(?:bucket|sum|count)$/, '')) === 'histogram', line).toBe(true);
    }
    const samples = samplesIn(page);
    const at = (bound: string) => samples.get(`sluice_call_duration_seconds_bucket{operation="chat",model="fast",le="${bound}"}`);
    expect([at('0.025'), at('0.05'), at('1'), at('300'), at('+Inf')]).toEqual([0, 1, 2, 2, 3]);
    expect(samples.get('sluice_call_duration_seconds_count{operation="chat",model="fast"}')).toBe(3);
    expect(samples.get('sluice_call_duration_seconds_sum{operation="chat",model="fast"}')).toBeCloseTo(400.73);
  });

  it('names what stands in labels so that no text can be anything else', async () => {
    const counted = prometheusSink({ litellmNames: false });
    await counted.write([callRecord('a', { group: 'a"b\\c\nd' })]);
    expect(await pageOf(counted)).toContain('model="a\\"b\\\\c\\nd"');
  });

  it('holds no more series than it may, however many names there are', async () => {
    const counted = prometheusSink({ maxSeries: 10 });
    await counted.write(Array.from({ length: 5000 }, (_, index) => callRecord(String(index), { keyId: `k${index}`, group: `m${index}` })));
    const lines = (await pageOf(counted)).split('\n').filter((line) => line.startsWith('litellm_spend_metric_total{'));
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toMatch(/hashed_api_key="other".*model="other"/);
    expect(lines.map((line) => Number(line.split(' ').at(-1))).reduce((sum, value) => sum + value, 0)).toBeCloseTo((5000 * 5600) / 1e9);
  });

  it('never bears a name that led nowhere, which is the words of a caller', async () => {
    const counted = prometheusSink();
    await counted.write([callRecord('a', { model: 'tell me a secret', group: undefined, provider: undefined, status: 'refused', code: 'model_not_found' })]);
    expect(await pageOf(counted)).not.toContain('secret');
  });
});

describe('by the names of others', () => {
  it('counts what LiteLLM and its guides count', async () => {
    const counted = prometheusSink();
    await counted.write([
      callRecord('a', { userId: 'u', costNanoUsd: 2_000_000_000 }),
      callRecord('b', { status: 'error', code: 'upstream_rate_limited' }),
      callRecord('c', { status: 'cache_hit', costNanoUsd: 0 }),
    ]);
    const samples = samplesIn(await pageOf(counted));
    const who = (user: string) => `end_user="",hashed_api_key="k1",api_key_alias="k1",team="t1",team_alias="t1",user="${user}"`;
    expect(samples.get(`litellm_spend_metric_total{${who('u')},model="fast"}`)).toBe(2);
    expect(samples.get(`litellm_proxy_total_requests_metric_total{${who('u')},requested_model="fast",status_code="200",route="chat"}`)).toBe(1);
    const failed = `${who('')},requested_model="fast",exception_status="429",exception_class="RateLimitError",route="chat"`;
    expect(samples.get(`litellm_proxy_failed_requests_metric_total{${failed}}`)).toBe(1);
    expect(samples.get(`litellm_cache_hits_metric_total{${who('')},model="fast"}`)).toBe(1);
    expect(samples.get('litellm_request_total{model="fast",provider="demo",status="success"}')).toBe(2);
    expect(samples.get('litellm_request_latency_count{model="fast",provider="demo"}')).toBe(3);
    expect(samples.get('litellm_cost_total{model="fast",provider="demo"}')).toBeCloseTo(2, 4);
  });

  it('says of a deployment whether it is well, fails or rests', async () => {
    const counted = prometheusSink();
    const state = async () =>
      samplesIn(await pageOf(counted)).get('litellm_deployment_state{litellm_model_name="d1",model_id="d1",api_base="",api_provider="demo"}');
    const deployment = { id: 'd1', provider: 'demo', model: 'x' };
    await counted.write([callRecord('a')]);
    expect(await state()).toBe(0);
    counted.tryFailed?.({ deployment, code: 'upstream_error' });
    expect(await state()).toBe(1);
    counted.tryFailed?.({ deployment, code: 'upstream_error', restsMs: 60_000 });
    expect(await state()).toBe(2);
    await counted.write([callRecord('b')]);
    expect(await state()).toBe(0);
  });
});

describe('in a gateway', () => {
  const models = [{ name: 'assistant', deployments: [{ id: 'demo', provider: 'demo', model: 'demo' }] }];
  const ask = (gateway: ReturnType<typeof createGateway>, key?: string) =>
    gateway.fetch('http://sluice/metrics', key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } });

  it('is read at /metrics by administrators and by nobody else', async () => {
    const gateway = createGateway({ providers: [demo()], models, masterKey: 'sk-master', keys: [{ id: 'k', key: 'sk-k' }], sinks: [prometheusSink()] });
    await gateway.chat.completions.create({ model: 'assistant', messages: [{ role: 'user', content: 'hi' }] }, { apiKey: 'sk-k' });
    await gateway.idle();
    expect([(await ask(gateway)).status, (await ask(gateway, 'sk-k')).status]).toEqual([401, 403]);
    await expect
      .poll(async () => {
        const answer = await ask(gateway, 'sk-master');
        return [answer.status, answer.headers.get('content-type'), (await answer.text()).includes('sluice_calls_total{operation="chat",model="assistant"')];
      })
      .toEqual([200, 'text/plain; version=0.0.4; charset=utf-8', true]);
    await gateway.close();
  });

  it('is read by everybody where the route was made public, and is nobody’s route where nothing counts', async () => {
    const open = createGateway({ providers: [demo()], models, masterKey: 'sk-master', access: { publicRoutes: ['/metrics'] }, sinks: [prometheusSink()] });
    expect((await ask(open)).status).toBe(200);
    const without = createGateway({ providers: [demo()], models, masterKey: 'sk-master' });
    expect((await ask(without, 'sk-master')).status).toBe(404);
    await Promise.all([open.close(), without.close()]);
  });
});

it('is made from a configuration file, and tells its mistakes', () => {
  expect(sink.create({}).name).toBe('prometheus');
  expect(() => sink.create({ maxSerie: 5 })).toThrow(/maxSerie: .*Did you mean 'maxSeries'/);
  expect(() => sink.create({ maxSeries: 0 })).toThrow(/maxSeries: It has to be a whole number over 0/);
});
