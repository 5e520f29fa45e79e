import type { Face } from './faces.ts';
import type { Upstream } from './upstream/upstream.ts';

/** What one client can do, tried through one face. */
export type Feature = {
  readonly name: string;
  run(face: Face, upstream: Upstream): Promise<void>;
};

export type ClientSuite = { readonly packages: readonly string[]; readonly features: readonly Feature[] };
