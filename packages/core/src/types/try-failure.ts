import type { Deployment } from './model.ts';

/** A try at a deployment that failed, and what follows from it. */
export type TryFailure = {
  readonly deployment: Deployment;
  /** A code of docs/errors.md. */
  readonly code: string;
  /** How long the deployment is passed over from now on, in milliseconds. Absent where this failure does not change that. */
  readonly restsMs?: number;
};
