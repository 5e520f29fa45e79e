import type { Model } from './requests.ts';

/** One kind of load, the same for every program. */
export type Scenario = {
  readonly name: string;
  readonly title: string;
  readonly model: Model;
  readonly bytes: number;
  readonly isStream: boolean;
  readonly connections: number;
  /** One stream a connection, begun over this time; otherwise connections go on until the slice is over. */
  readonly oneEachOverMs?: number;
  /** Names of programs, or what they begin with. */
  readonly targets: readonly string[];
  readonly isSkippedWhenQuick?: boolean;
};

const SERVERS = ['direct', 'bare-node', 'bare-express', 'bare-koa', 'sluice-node', 'sluice-express', 'sluice-native', 'sluice-koa', 'peer-'];

export function scenarios(isQuick: boolean): readonly Scenario[] {
  const paced = isQuick ? 'mock-25-20' : 'mock-100-20';
  const all: readonly Scenario[] = [
    {
      name: 'json-1k',
      title: '1 kB, 64 connections',
      model: 'mock-0-0',
      bytes: 1024,
      isStream: false,
      connections: 64,
      targets: [...SERVERS, 'sluice-guarded', 'sluice-cached'],
    },
    {
      name: 'json-32k',
      title: '32 kB, 64 connections',
      model: 'mock-0-0',
      bytes: 32_768,
      isStream: false,
      connections: 64,
      targets: [...SERVERS, 'sluice-guarded', 'sluice-cached'],
      isSkippedWhenQuick: true,
    },
    {
      name: 'same-32k',
      title: '32 kB sent on unchanged, 64 connections',
      model: 'same-0-0',
      bytes: 32_768,
      isStream: false,
      connections: 64,
      targets: ['bare-node', 'sluice-node'],
      isSkippedWhenQuick: true,
    },
    { name: 'single-1k', title: '1 kB, 1 connection', model: 'mock-0-0', bytes: 1024, isStream: false, connections: 1, targets: [...SERVERS, 'sluice-cached'] },
    {
      name: 'first-chunk',
      title: 'streams of 5 chunks at once, 1 connection',
      model: 'mock-5-0',
      bytes: 1024,
      isStream: true,
      connections: 1,
      targets: SERVERS,
      isSkippedWhenQuick: true,
    },
    {
      name: 'burst',
      title: 'streams of 200 chunks at once, 16 connections',
      model: 'mock-200-0',
      bytes: 1024,
      isStream: true,
      connections: 16,
      targets: [...SERVERS, 'sluice-translating'],
    },
    {
      name: 'paced-100',
      title: '100 streams, a chunk each 20 ms',
      model: paced,
      bytes: 1024,
      isStream: true,
      connections: 100,
      oneEachOverMs: 20,
      targets: [...SERVERS, 'sluice-translating'],
    },
    {
      name: 'paced-500',
      title: '500 streams, a chunk each 20 ms',
      model: paced,
      bytes: 1024,
      isStream: true,
      connections: 500,
      oneEachOverMs: 20,
      targets: ['direct', 'bare-node', 'sluice-node', 'sluice-express', 'sluice-koa', 'peer-'],
      isSkippedWhenQuick: true,
    },
  ];
  return all.filter((scenario) => !(isQuick && scenario.isSkippedWhenQuick));
}

export function takesPart(scenario: Scenario, target: string): boolean {
  return scenario.targets.some((name) => (name.endsWith('-') ? target.startsWith(name) : target === name));
}
