import { afterAll, beforeAll, describe, it } from 'vitest';
import { FACES, type Face } from './faces.ts';
import { SUITES } from './suites/suites.ts';
import { startUpstream, type Upstream } from './upstream/upstream.ts';

describe.each(Object.entries(FACES))('%s', (_face, open) => {
  let upstream: Upstream;
  let face: Face;
  beforeAll(async () => {
    upstream = await startUpstream();
    face = await open(upstream.baseUrl);
  });
  afterAll(async () => {
    await face?.close();
    await upstream.close();
  });

  for (const { packages, features } of SUITES) {
    describe(packages.join(' + '), () => {
      for (const { name, run } of features) it(name, () => run(face, upstream));
    });
  }
});
