import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { root, run, runTool } from './run-tool.mjs';
import { publishedPackages } from './workspace.mjs';

/** Packs every package as it would be published, and asks publint and attw whether others can use what is in it. */
export async function checkPackages() {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-pack-'));
  try {
    const waiting = publishedPackages();
    const complaints = [];
    const worker = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) complaints.push(...(await checkPackage(next, folder)));
    };
    await Promise.all([worker(), worker()]);
    return complaints.join('\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function checkPackage({ folder, manifest }, destination) {
  const packed = await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', destination], join(root, folder));
  if (packed.code !== 0) return [`${folder}: cannot be packed\n${packed.output}`];
  const tarball = join(destination, `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`);
  const { messages, pkg } = await publint({ strict: true, pack: { tarball: toArrayBuffer(await readFile(tarball)) } });
  const types = await runTool('attw', [tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji', '--no-color']);
  return [...messages.map((message) => `${folder}: ${formatMessage(message, pkg, { color: false })}`), ...(types === '' ? [] : [`${folder}:\n${types}`])];
}

function toArrayBuffer(bytes) {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}
