import type { AdminContract } from './contract.ts';
import type { Work } from './desk.ts';
import { keyWork } from './work/key-work.ts';

/** What is done for every route there is; the compiler misses none. */
export const WORK: Work<AdminContract> = { ...keyWork };
