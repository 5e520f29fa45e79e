// A plain `npm install` here would leave a second lockfile and no workspace links.
if (!/^pnpm\//.test(process.env.npm_config_user_agent ?? '')) {
  console.error('This workspace is installed with pnpm. Run `npm start`, `npm test`, or `node tools/pnpm.mjs install`.');
  process.exit(1);
}
