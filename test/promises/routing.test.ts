import { smallRuns } from './small-runs.test.support.ts';

await smallRuns('routing');
