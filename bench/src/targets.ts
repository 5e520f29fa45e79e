import { GATEWAY_CPU, LOAD_CPU, startChild, type Child } from './child.ts';
import { cpuMicros, residentBytes } from './process-stats.ts';
import { CLIENT_HEADERS } from './requests.ts';
import type { Variant } from './variants.ts';

/** A running program that load can be sent to. */
export type Target = {
  readonly name: string;
  readonly label: string;
  readonly pid: number;
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Time on the processor so far. */
  cpuMicros(): Promise<number>;
  residentBytes(): Promise<number>;
  /** A method of the worker; only for programs of our own. */
  call<T>(method: string, params?: unknown): Promise<T>;
  stop(): Promise<void>;
};

export const CHAT_PATH = '/v1/chat/completions';

export async function startVariant(variant: Variant, upstreamPort: number, node?: string): Promise<Target> {
  const child = startChild('./workers/gateway.js', {
    cpu: GATEWAY_CPU,
    args: [variant.name, `http://127.0.0.1:${upstreamPort}`],
    node,
    execArgv: ['--expose-gc'],
  });
  const port = await child.call<number>('port');
  return {
    name: variant.name,
    label: variant.label,
    pid: child.pid,
    port,
    path: `${variant.mount}${CHAT_PATH}`,
    headers: CLIENT_HEADERS,
    cpuMicros: async () => cpuMicros(child.pid) ?? child.call<number>('cpuMicros'),
    residentBytes: async () => residentBytes(child.pid) ?? (await child.call<NodeJS.MemoryUsage>('memory')).rss,
    call: child.call,
    stop: child.stop,
  };
}

/** The mock seen as a program: what the measuring itself can do. */
export function directTarget(mock: Child, port: number): Target {
  return {
    name: 'direct',
    label: 'no gateway (mock and load alone)',
    pid: mock.pid,
    port,
    path: CHAT_PATH,
    headers: CLIENT_HEADERS,
    cpuMicros: async () => Number.NaN,
    residentBytes: async () => Number.NaN,
    call: mock.call,
    stop: async () => undefined,
  };
}

export type Bench = {
  readonly mock: Child;
  readonly mockPort: number;
  readonly loader: Child;
  /** Which programs have been warmed up, and for what. */
  readonly warmed: Set<string>;
};

export async function startBench(): Promise<Bench> {
  const mock = startChild('./workers/mock-upstream.js', { cpu: LOAD_CPU });
  const loader = startChild('./workers/load-generator.js', { cpu: LOAD_CPU });
  return { mock, mockPort: await mock.call<number>('port'), loader, warmed: new Set() };
}
