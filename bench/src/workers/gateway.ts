// One program to measure: `node gateway.js <variant> <upstream>`.
import type { AddressInfo } from 'node:net';
import { keywords } from '@sluice/guardrail-keywords';
import { bareExpress, bareKoa, bareNode } from '../gateways/bare.ts';
import { callInProcess } from '../gateways/in-process.ts';
import { sluiceExpress, sluiceKoa, sluiceNative, sluiceNode, sluiceOptions, type Started, translating } from '../gateways/sluice.ts';
import { answerCalls } from '../rpc.ts';
import type { VariantName } from '../variants.ts';

const WORDS = ['forbidden', 'classified', 'internal only', 'do not share'];

const [name, upstream = ''] = process.argv.slice(2) as [VariantName, string];
const options = sluiceOptions(upstream);

const START: Readonly<Record<VariantName, () => Started>> = {
  'bare-node': () => ({ server: bareNode(upstream) }),
  'bare-express': () => ({ server: bareExpress(upstream) }),
  'bare-koa': () => ({ server: bareKoa(upstream) }),
  'sluice-node': () => sluiceNode(options),
  'sluice-express': () => sluiceExpress(options),
  'sluice-native': () => sluiceNative(options),
  'sluice-koa': () => sluiceKoa(options),
  'sluice-guarded': () => sluiceNode({ ...options, guardrails: [{ guardrail: keywords({ words: WORDS }), on: ['input', 'output'] }] }),
  'sluice-cached': () => sluiceNode({ ...options, cache: true }),
  'sluice-translating': () => sluiceNode(translating(upstream)),
};

const { server, gateway } = START[name]();
server.keepAliveTimeout = 600_000;
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

answerCalls({
  port: () => (server.address() as AddressInfo).port,
  cpuMicros: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  /** After a forced collection, where the process was started with `--expose-gc`. */
  memory: () => {
    globalThis.gc?.();
    globalThis.gc?.();
    return process.memoryUsage();
  },
  /** What keeps the loop alive, by kind: sockets, timers. */
  resources: () => {
    const kinds: Record<string, number> = {};
    for (const kind of process.getActiveResourcesInfo()) kinds[kind] = (kinds[kind] ?? 0) + 1;
    return kinds;
  },
  callInProcess: (params: Parameters<typeof callInProcess>[1]) => {
    if (!gateway) throw new Error(`'${name}' is no gateway`);
    return callInProcess(gateway, params);
  },
});
