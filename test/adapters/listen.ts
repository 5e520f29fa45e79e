import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StartedApp } from '@sluice/testing';

/** Serves an app on a free port of this machine. */
export async function listen(listener: RequestListener, { gateway, errors, passed }: Pick<StartedApp, 'gateway' | 'errors' | 'passed'>): Promise<StartedApp> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    server,
    gateway,
    errors,
    passed,
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      await gateway.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
