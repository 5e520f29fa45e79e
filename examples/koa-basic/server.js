import { gateway } from '@sluice/koa-adapter';
import Koa from 'koa';

const app = new Koa();
const ai = gateway({ prefix: '/ai' });

app.use(ai);
app.use((ctx) => {
  ctx.body = `Nothing of the gateway's at ${ctx.path}\n`;
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`The app is on http://127.0.0.1:${port}, its gateway on http://127.0.0.1:${port}/ai/v1`);
});

process.once('SIGTERM', async () => {
  server.close();
  await ai.close({ drainMs: 10_000 });
});
