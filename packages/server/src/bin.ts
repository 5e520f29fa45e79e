import { main } from './main.ts';

process.exitCode = await main(process.argv.slice(2));
// What is still open by now, such as a plugin's connection, has had its chance to close.
setTimeout(() => process.exit(), 1000).unref();
