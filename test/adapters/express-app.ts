import { type ExpressGatewayOptions, gateway } from '@sluice/express-adapter';
import type { AdapterUnderTest } from '@sluice/testing';
import compression from 'compression';
import type express from 'express';
import type { ErrorRequestHandler } from 'express';
import { listen } from './listen.ts';

/** Express as an app would use it, around the gateway. */
export function expressApp(name: string, framework: typeof express): AdapterUnderTest {
  return {
    name,
    start({ options, mount, parserLimitBytes, compression: isCompressing, strict, errors: mode, trustProxy = false, trace }) {
      const errors: unknown[] = [];
      const passed: string[] = [];
      const app = framework();
      const ai = gateway({ ...(options as ExpressGatewayOptions), strict, errors: mode });

      app.set('trust proxy', trustProxy ? 1 : false);
      if (trace) app.use((req, _res, next) => trace.run(String(req.headers['x-trace']), next));
      if (isCompressing) app.use(compression());
      if (parserLimitBytes !== undefined) app.use(framework.json({ limit: parserLimitBytes }));
      if (mount === '/outer/ai') app.use('/outer', framework.Router().use('/ai', ai));
      else app.use(mount, ai);
      if (parserLimitBytes !== undefined) app.use(mount, ai.errorHandler);
      app.use((req, res) => {
        passed.push(req.originalUrl);
        res.status(404).send('app');
      });
      const onError: ErrorRequestHandler = (error: { status?: number }, _req, res, next) => {
        errors.push(error);
        if (res.headersSent) next(error);
        else res.status(error.status ?? 500).send('app error');
      };
      app.use(onError);
      return listen(app, { gateway: ai, errors, passed });
    },
  };
}
