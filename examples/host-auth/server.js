import { gateway } from '@sluice/express-adapter';
import express from 'express';
import { sessions } from './sessions.js';

/** @import { Request } from 'express' */
/** @import { User } from './sessions.js' */

const app = express();
app.use(sessions);

const ai = gateway({
  // Whoever is logged in to the app may call; there are no keys. Trial users get the small model, and little of it.
  identify: (/** @type {Request & { user?: User }} */ { user }) => {
    if (!user) return undefined;
    const principal = { keyId: `user:${user.name}`, userId: user.name };
    return user.plan === 'trial' ? { ...principal, models: ['echo'], limits: { requestsPerMinute: 3 } } : principal;
  },
});

app.use('/ai', ai);
app.get('/', (/** @type {Request & { user?: User }} */ req, res) => {
  res.send(req.user ? `Hello, ${req.user.name}. The gateway is at /ai/v1, for your browser too.\n` : 'POST /login?name=ada, then come back.\n');
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`The app is on http://127.0.0.1:${port}, its gateway on http://127.0.0.1:${port}/ai/v1`);
});

process.once('SIGTERM', async () => {
  server.close();
  await ai.close({ drainMs: 10_000 });
});
