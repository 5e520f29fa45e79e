import { memoryDirectoryStore } from '@sluice/core';
import { newMasterKey } from '@sluice/core/node';
import { gateway } from '@sluice/express-adapter';
import { banner } from '@sluice/server';
import express from 'express';

const port = Number(process.env.PORT ?? 4000);
const newKey = process.env.SLUICE_MASTER_KEY ? undefined : newMasterKey();
const ai = gateway({ directory: memoryDirectoryStore(), strict: true, ...(newKey && { masterKey: newKey }) });

const app = express();
app.use(ai);
app.listen(port, '127.0.0.1', (error) => {
  if (error) throw error;
  console.log(banner({ url: `http://127.0.0.1:${port}`, newKey, keyVariable: 'SLUICE_MASTER_KEY', models: ai.models.groups }));
});
