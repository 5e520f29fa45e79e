import { gateway } from '@sluice/express-adapter';
import express from 'express';

const app = express();
const ai = gateway();

// Above the body parser: prompts are longer than its limit, and audio is not JSON.
app.use('/ai', ai);
app.use('/small-ai', ai.policy({ name: 'small', models: ['echo'], limits: { requestsPerMinute: 2 } }));

app.use(express.json());
app.post('/greetings', (req, res) => {
  res.json({ greeting: `Hello, ${req.body.name}!` });
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`The app is on http://127.0.0.1:${port}, its gateway on http://127.0.0.1:${port}/ai/v1`);
});

process.once('SIGTERM', async () => {
  server.close();
  await ai.close({ drainMs: 10_000 });
});
