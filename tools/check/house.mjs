import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run-tool.mjs';
import { publishedPackages, readJson } from './workspace.mjs';

/** What every package has in common, so that the next one needs no thought: see "A new package" in CONTRIBUTING.md. */
export function checkHouse() {
  const { version, license, engines } = readJson('package.json');
  const built = new Set(readJson('tsconfig.json').references.map(({ path }) => join(path)));
  const complaints = [];

  for (const { folder, manifest } of publishedPackages()) {
    const expect = (holds, complaint) => holds || complaints.push(`${folder}: ${complaint}`);
    expect(existsSync(join(root, folder, 'README.md')), 'has no README.md');
    expect(built.has(folder), 'is not among the references of tsconfig.json');
    expect(manifest.version === version, `has version ${manifest.version}, and the workspace ${version}`);
    expect(manifest.license === license, `has license ${manifest.license}, and the workspace ${license}`);
    expect(manifest.engines?.node === engines.node, `runs on Node ${manifest.engines?.node}, and the workspace on ${engines.node}`);
    expect(typeof manifest.description === 'string', 'has no description');
    for (const name of Object.keys(manifest.dependencies ?? {}).filter((dependency) => !dependency.startsWith('@sluice/'))) {
      expect(mentions(folder, name), `README.md does not say why ${name} is among its dependencies`);
    }
  }
  return complaints.join('\n');
}

function mentions(folder, name) {
  const readme = join(root, folder, 'README.md');
  return existsSync(readme) && readFileSync(readme, 'utf8').includes(name);
}
