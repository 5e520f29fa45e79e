import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { fromHostError, nodeGateway, refuse } from '@sluice/core/node';
import type { AdapterUnderTest } from '@sluice/testing';
import compression from 'compression';
import express from 'express';
import { listen } from './listen.ts';

type Middleware = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void;

/** Node's own server: the gateway in front of a plain listener, with middleware called by hand. */
export const nodeApp: AdapterUnderTest = {
  name: 'node:http',
  handsErrorsOn: false,
  knowsProxies: false,
  start({ options, mount, parserLimitBytes, compression: isCompressing, strict, trace }) {
    const errors: unknown[] = [];
    const passed: string[] = [];
    const ai = nodeGateway({ ...options, onError: (error) => errors.push(error) });
    const app: RequestListener = (req, res) => {
      passed.push(req.url ?? '');
      res.writeHead(404).end('app');
    };
    const front = ai.handler(strict ? undefined : app, { path: mount });
    const middleware = [isCompressing && compression(), parserLimitBytes !== undefined && express.json({ limit: parserLimitBytes })].filter(
      Boolean,
    ) as unknown as Middleware[];

    const listener: RequestListener = (req, res) => {
      const pass = (index: number, error?: unknown): void => {
        if (error !== undefined) refuse(fromHostError(error) ?? error, res);
        else if (index === middleware.length) front(req, res);
        else middleware[index]?.(req, res, (failure) => pass(index + 1, failure));
      };
      if (trace) trace.run(String(req.headers['x-trace']), () => pass(0));
      else pass(0);
    };
    return listen(listener, { gateway: ai, errors, passed });
  },
};
