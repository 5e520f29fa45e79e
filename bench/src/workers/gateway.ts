// One program to measure: `node gateway.js <variant> <upstream>`.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Gateway, GatewayOptions } from '@sluice/core';
import { bareExpress, bareKoa, bareNode } from '../gateways/bare.ts';
import { sluiceNode, sluiceOptions, translating } from '../gateways/sluice.ts';
import { callInProcess } from '../gateways/in-process.ts';
import { answerCalls } from '../rpc.ts';
import type { VariantName } from '../variants.ts';

type Started = { readonly server: Server; readonly gateway?: Gateway };

const [name, upstream = ''] = process.argv.slice(2) as [VariantName, string];
const options: GatewayOptions = sluiceOptions(upstream);

const START: Readonly<Record<VariantName, () => Started | Promise<Started>>> = {
  'bare-node': () => ({ server: bareNode(upstream) }),
  'bare-express': () => ({ server: bareExpress(upstream) }),
  'bare-koa': () => ({ server: bareKoa(upstream) }),
  'sluice-node': () => sluiceNode(options),
  'sluice-guarded': () => sluiceNode(options),
  'sluice-cached': () => sluiceNode({ ...options, cache: true }),
  'sluice-translating': () => sluiceNode(translating(options)),
};

const { server, gateway } = await START[name]();
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
