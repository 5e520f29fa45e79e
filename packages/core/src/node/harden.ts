/** The limits in time that Node's HTTP servers have. */
export type TimedServer = { headersTimeout: number; requestTimeout: number; keepAliveTimeout: number; timeout: number };

export type HardenOptions = {
  /** Longest time for a request's head to arrive. Default 20 s. */
  readonly headersTimeoutMs?: number;
  /** Longest time for a whole request to arrive, its body included. Default 2 minutes. */
  readonly requestTimeoutMs?: number;
  /** How long an idle connection is kept. Default 75 s: longer than the proxies in front, which else send into a closing one. */
  readonly keepAliveTimeoutMs?: number;
};

/** Gives a server time limits that suit a gateway: short for what callers send, none for what they wait for. */
export function harden<S extends TimedServer>(
  server: S,
  { headersTimeoutMs = 20_000, requestTimeoutMs = 120_000, keepAliveTimeoutMs = 75_000 }: HardenOptions = {},
): S {
  server.headersTimeout = headersTimeoutMs;
  server.requestTimeout = requestTimeoutMs;
  server.keepAliveTimeout = keepAliveTimeoutMs;
  // It would cut answers: a model may think for minutes, and streams say themselves that they are alive.
  server.timeout = 0;
  return server;
}
