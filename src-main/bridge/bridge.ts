import { homedir } from 'node:os';
import { systemClock } from '../base/clock.ts';
import { readArguments } from './bridge-options.ts';
import { runBridge } from './run-bridge.ts';

// Lets a client that speaks MCP over standard input and output reach the gateway. Built into one file without
// dependencies: a client's own runtime may be what runs it.
const { platform, env: environment } = process;
const options = readArguments(process.argv.slice(2), { platform, home: homedir(), environment });
const say = (words: string) => void process.stderr.write(`larkgate bridge: ${words}\n`);
process.stderr.on('error', () => {});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.stdin.destroy());
process.on('uncaughtException', (error) => say(error.name));
process.on('unhandledRejection', () => {});
await runBridge({ ...options, clock: systemClock, input: process.stdin, output: process.stdout, say }).catch(() => {});
process.exit(0);
