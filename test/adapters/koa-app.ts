import { gateway, type KoaGatewayOptions } from '@sluice/koa-adapter';
import type { AdapterUnderTest } from '@sluice/testing';
import type Koa from 'koa';
import bodyParser from 'koa-bodyparser';
import compress from 'koa-compress';
import koaMount from 'koa-mount';
import { listen } from './listen.ts';

/** Koa as an app would use it, around the gateway; the path is taken off by koa-mount, or by the gateway's `prefix`. */
export function koaApp(name: string, Framework: typeof Koa, by: 'koa-mount' | 'prefix'): AdapterUnderTest {
  return {
    name,
    parserKeepsBytes: true,
    start({ options, mount, parserLimitBytes, compression: isCompressing, strict, errors: mode, trustProxy = false, trace }) {
      const errors: unknown[] = [];
      const passed: string[] = [];
      const app = new Framework({ proxy: trustProxy, maxIpsCount: 1 });
      const ai = gateway({ ...(options as KoaGatewayOptions), strict, errors: mode, prefix: by === 'prefix' ? mount : '/' });

      app.on('error', (error) => errors.push(error));
      if (trace) app.use((ctx, next) => trace.run(ctx.get('x-trace'), next));
      app.use(async (ctx, next) => {
        try {
          await next();
        } catch (error) {
          errors.push(error);
          ctx.status = (error as { status?: number }).status ?? 500;
          ctx.body = 'app error';
        }
      });
      if (isCompressing) app.use(compress());
      if (parserLimitBytes !== undefined) app.use(at(mount, ai.errorHandler)).use(bodyParser({ jsonLimit: String(parserLimitBytes) }));
      app.use(at(mount, ai));
      app.use((ctx) => {
        passed.push(ctx.originalUrl);
        ctx.status = 404;
        ctx.body = 'app';
      });
      return listen(app.callback(), { gateway: ai, errors, passed });
    },
  };

  function at(mount: string, middleware: Koa.Middleware): Koa.Middleware {
    if (by === 'prefix' || mount === '/') return middleware;
    return mount === '/outer/ai' ? koaMount('/outer', koaMount('/ai', middleware)) : koaMount(mount, middleware);
  }
}
