import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { GatewayError, type GatewayOptions } from '@sluice/core';
import { refuse } from '@sluice/core/node';
import { type ExpressGateway, gateway } from '@sluice/express-adapter';
import express from 'express';

/** A gateway that another one can take the place of, while calls under way end on the one that took them. */
export type LiveGateway = {
  readonly listener: RequestListener;
  readonly current: ExpressGateway;
  /** @throws ConfigurationError, and then nothing has changed. */
  replace(options: GatewayOptions): void;
  /** Ends all of them; see `Gateway.close`. */
  close(options?: { readonly drainMs?: number }): Promise<void>;
};

type Generation = { readonly ai: ExpressGateway; readonly listener: RequestListener; requests: number; isRetired: boolean };

/** @throws ConfigurationError naming every mistake. */
export function liveGateway(options: GatewayOptions): LiveGateway {
  let current = open(options);
  const retired = new Set<Generation>();

  /** A request belongs to the gateway that took it until its answer has left, whatever it waits for in between. */
  function listener(req: IncomingMessage, res: ServerResponse): void {
    const generation = current;
    generation.requests += 1;
    res.once('close', () => {
      generation.requests -= 1;
      endUnused(generation);
    });
    generation.listener(req, res);
  }

  function endUnused(generation: Generation): void {
    if (!generation.isRetired || generation.requests > 0 || !retired.delete(generation)) return;
    // What goes on behind an answer, such as its record, is waited for as well.
    void generation.ai.idle().then(() => generation.ai.close());
  }

  return {
    listener,
    get current() {
      return current.ai;
    },
    replace(next) {
      const former = current;
      current = open(next);
      former.isRetired = true;
      retired.add(former);
      endUnused(former);
    },
    async close(closing) {
      await Promise.all([current, ...retired].map(({ ai }) => ai.close(closing)));
    },
  };
}

function open(options: GatewayOptions): Generation {
  const ai = gateway(options);
  return { ai, listener: listenerFor(ai, options), requests: 0, isRetired: false };
}

/** In front of Express where nothing needs its requests, because on Node 20 Express costs three times as much as all the rest. */
function listenerFor(ai: ExpressGateway, { identify }: GatewayOptions): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.use(ai);
  app.use((req, res) => refuse(new GatewayError('route_not_found', `There is no ${req.method} ${req.path}`), res));
  return identify === undefined ? ai.handler(app) : app;
}
