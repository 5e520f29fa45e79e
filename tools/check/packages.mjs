import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { run, runTool } from './run-tool.mjs';
import { publishedPackages } from './workspace.mjs';

/** Packs every package as it would be published, and asks publint and attw whether others can use what is in it. */
export async function checkPackages() {
  const packed = await mkdtemp(join(tmpdir(), 'sluice-pack-'));
  try {
    const packages = publishedPackages();
    const folders = packages.map(({ folder }) => `./${folder}`);
    const { code, output } = await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', packed, ...folders]);
    if (code !== 0) return output;
    const complaints = [];
    const waiting = [...packages];
    const worker = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) complaints.push(...(await complaintsOf(next, packed)));
    };
    await Promise.all([worker(), worker()]);
    return complaints.join('\n');
  } finally {
    await rm(packed, { recursive: true, force: true });
  }
}

async function complaintsOf({ folder, manifest }, packed) {
  const tarball = join(packed, `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`);
  const { messages, pkg } = await publint({ strict: true, pack: { tarball: toArrayBuffer(await readFile(tarball)) } });
  const types = await runTool('attw', [tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji', '--no-color']);
  return [...messages.map((message) => `${folder}: ${formatMessage(message, pkg, { color: false })}`), ...(types === '' ? [] : [`${folder}:\n${types}`])];
}

function toArrayBuffer(bytes) {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}
