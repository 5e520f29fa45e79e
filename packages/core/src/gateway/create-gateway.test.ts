import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { GatewayError } from '../errors/gateway-error.ts';
import type { Hook } from '../pipeline/hook.ts';
import { defineProvider } from '../provider/provider.ts';
import type { Outcome } from '../types/call.ts';
import { createGateway, type Gateway } from './create-gateway.ts';

const principal = { keyId: 'k1' };
const messages = [{ role: 'user' as const, content: 'hi' }];
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** An upstream that streams one word every 10 ms, without end when asked for `endless`, and says when it lost its caller. */
async function upstream(): Promise<{ url: string; lost: number }> {
  const state = { url: '', lost: 0 };
  const server = createServer((req, res) => {
    req.resume();
    res.writeHead(200, { 'content-type': 'text/event-stream' });
    const timer = setInterval(() => res.write('data: {"choices":[{"index":0,"delta":{"content":"word "}}]}\n\n'), 10);
    if (!req.url?.startsWith('/endless'))
      setTimeout(() => res.end('data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}\n\ndata: [DONE]\n\n'), 35);
    res.on('close', () => {
      clearInterval(timer);
      if (!res.writableFinished) state.lost += 1;
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return state;
}

async function gatewayOn(url: string): Promise<{ gateway: Gateway; outcomes: Outcome[] }> {
  const outcomes: Outcome[] = [];
  const watch: Hook = {
    name: 'watch',
    phase: 'logger',
    handle: (ctx, next) => {
      ctx.defer((outcome) => void outcomes.push(outcome));
      return next();
    },
  };
  const provider = defineProvider({
    name: 'scripted',
    operations: {
      chat: {
        toRequest: ({ deployment }) => ({ url: `${deployment.baseUrl}/${deployment.model}`, headers: {}, body: '{}' }),
        toError: ({ body }) => new GatewayError('upstream_error', body),
      },
    },
  });
  const deployment = (model: string) => ({ id: model, provider: 'scripted', model, baseUrl: url });
  const models = [
    { name: 'finite', deployments: [deployment('finite')] },
    { name: 'endless', deployments: [deployment('endless')] },
  ];
  return { gateway: createGateway({ providers: [provider], models, hooks: [watch] }), outcomes };
}

describe('a gateway', () => {
  it('gives the usage chunk to those who asked for it only', async () => {
    const { gateway } = await gatewayOn((await upstream()).url);
    const texts = async (stream_options?: { include_usage: boolean }): Promise<string[]> => {
      const chunks: string[] = [];
      for await (const chunk of await gateway.chat.completions.create(
        { model: 'finite', messages, stream: true, ...(stream_options && { stream_options }) },
        { principal },
      )) {
        chunks.push(chunk.usage ? 'usage' : 'text');
      }
      return [...new Set(chunks)];
    };
    expect(await texts()).toEqual(['text']);
    expect(await texts({ include_usage: true })).toEqual(['text', 'usage']);
    await gateway.close();
  });

  it('ends the upstream when a reader of a stream stops early, and settles once, as aborted', async () => {
    const scripted = await upstream();
    const { gateway, outcomes } = await gatewayOn(scripted.url);
    for await (const _ of await gateway.chat.completions.create({ model: 'endless', messages, stream: true }, { principal })) break;
    await gateway.idle();
    await expect.poll(() => scripted.lost).toBe(1);
    expect(outcomes).toEqual([{ status: 'aborted' }]);
    await gateway.close();
  });

  it('ends a waiting call when the signal of its caller aborts', async () => {
    const scripted = await upstream();
    const { gateway, outcomes } = await gatewayOn(scripted.url);
    const controller = new AbortController();
    const stream = await gateway.chat.completions.create({ model: 'endless', messages, stream: true }, { principal, signal: controller.signal });
    const reading = (async () => {
      for await (const _ of stream) if (!controller.signal.aborted) controller.abort();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'aborted' });
    await gateway.idle();
    expect(outcomes).toEqual([{ status: 'aborted' }]);
    await gateway.close();
  });

  it('refuses a policy that asks for a guardrail there is none of', async () => {
    const { gateway } = await gatewayOn((await upstream()).url);
    const call = gateway.chat.completions.create({ model: 'finite', messages }, { principal, policy: { name: 'p', guardrails: ['secrets'] } });
    await expect(call).rejects.toMatchObject({ code: 'configuration_invalid', message: expect.stringContaining("'secrets'") });
    await gateway.close();
  });

  it('lets calls end while it closes, cuts those that do not with its own reason, and takes no more', async () => {
    const { gateway, outcomes } = await gatewayOn((await upstream()).url);
    const read = async (model: string): Promise<number> => {
      let count = 0;
      for await (const _ of await gateway.chat.completions.create({ model, messages, stream: true }, { principal })) count += 1;
      return count;
    };
    const [finite, endless] = [read('finite'), read('endless')];
    endless.catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const closing = gateway.close({ drainMs: 200 });
    await expect(gateway.chat.completions.create({ model: 'finite', messages }, { principal })).rejects.toMatchObject({ code: 'shutting_down', status: 503 });
    await closing;
    expect(await finite).toBeGreaterThan(0);
    await expect(endless).rejects.toMatchObject({ code: 'shutting_down' });
    expect(outcomes.map((outcome) => (outcome.status === 'error' ? (outcome.error as GatewayError).code : outcome.status))).toEqual([
      'shutting_down',
      'ok',
      'shutting_down',
    ]);
  });
});
