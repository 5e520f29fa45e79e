import type { Policy, Principal } from '../types/principal.ts';

/** For calls from this process. With neither `principal` nor `apiKey` a call carries no credential, and auth decides. */
export type CallOptions = {
  /** Trusted as it is: the caller is the host's own code. */
  readonly principal?: Principal;
  readonly apiKey?: string;
  readonly signal?: AbortSignal;
  readonly policy?: Policy;
};
