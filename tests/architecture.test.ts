import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

/** The river, from the mouth up: a folder may import itself and what stands after it. */
const river = ['server', 'control', 'connect', 'gateway', 'providers', 'tokens', 'base', 'contract'];
/** Build everything, so they may import everything. */
const roots = new Set([
  'app.ts',
  'identity.ts',
  'connectors.ts',
  'follow-changes.ts',
  'open-gateway.ts',
  'headless-app.ts',
  'main.ts',
  'shell',
  'command',
  'headless.ts',
  'commands.ts',
  'serve.ts',
  'renew-worker.ts',
  'cli.ts',
  'welcome.ts',
  'version.ts',
]);

interface Import {
  from: string;
  to: string;
  typeOnly: boolean;
}

const sources = globSync('src-{main,renderer}/**/*.{ts,tsx}').filter((path) => !path.endsWith('.d.ts'));
const imports = sources.flatMap((path) => importsOf(path));

function importsOf(path: string): Import[] {
  const text = readFileSync(path, 'utf8');
  const pattern =
    /^\s*(?:import|export)\s+(type\s)?[^'";]*?from\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|^\s*import\s+['"]([^'"]+)['"]/gm;
  return [...text.matchAll(pattern)].map((match) => ({
    from: path,
    to: resolve(path, match[2] ?? match[3] ?? match[4] ?? ''),
    typeOnly: match[1] !== undefined,
  }));
}

function resolve(from: string, specifier: string): string {
  return specifier.startsWith('.') ? normalize(join(dirname(from), specifier)) : specifier;
}

/** The folder right under src-main, or the file's own name for a root. */
const stationOf = (path: string) => path.split(sep)[1] ?? path;
const isMain = (path: string) => path.startsWith(`src-main${sep}`);
const show = ({ from, to }: Import) => `${from} imports ${to}`;

describe('the river', () => {
  test('the check sees the sources and their imports', () => {
    expect(sources.length).toBeGreaterThan(40);
    expect(imports.some(({ from, to }) => from.endsWith('app.ts') && to.endsWith('gateway.ts'))).toBe(true);
  });

  test('an import points down the river: a station knows only what it calls', () => {
    const upward = imports.filter(({ from, to }) => {
      const [a, b] = [river.indexOf(stationOf(from)), river.indexOf(stationOf(to))];
      return isMain(from) && isMain(to) && a >= 0 && b >= 0 && b < a;
    });
    expect(upward.map(show)).toEqual([]);
  });

  test('no station imports a root: what builds everything is built by nothing', () => {
    const toRoot = imports.filter(
      ({ from, to }) => isMain(from) && isMain(to) && !roots.has(stationOf(from)) && roots.has(stationOf(to)),
    );
    expect(toRoot.map(show)).toEqual([]);
  });

  test('no provider imports another: each can be taken out', () => {
    const family = (path: string) => path.split(sep)[2] ?? '';
    const across = imports.filter(
      ({ from, to }) =>
        stationOf(from) === 'providers' &&
        isMain(to) &&
        stationOf(to) === 'providers' &&
        to.split(sep).length > 3 &&
        family(to) !== family(from),
    );
    expect(across.map(show)).toEqual([]);
  });

  test('only the program itself opens the sandbox: a real gateway never carries it', () => {
    const users = imports.filter(
      ({ from, to }) => isMain(to) && stationOf(to) === 'sandbox' && stationOf(from) !== 'sandbox',
    );
    expect(users.every(({ from }) => from === join('src-main', 'serve.ts'))).toBe(true);
  });

  test('the sandbox stands apart: it knows the base and the contract only', () => {
    const strangers = imports.filter(
      ({ from, to }) =>
        stationOf(from) === 'sandbox' && isMain(to) && !['sandbox', 'base', 'contract'].includes(stationOf(to)),
    );
    expect(strangers.map(show)).toEqual([]);
  });

  test('the MCP SDK is known at the door and in the gateway alone', () => {
    const elsewhere = imports.filter(
      ({ from, to }) => to.startsWith('@modelcontextprotocol/') && !['server', 'gateway'].includes(stationOf(from)),
    );
    expect(elsewhere.map(show)).toEqual([]);
  });

  test('electron is known to the shell alone: the core runs in plain Node', () => {
    const elsewhere = imports.filter(
      ({ from, to }) =>
        to === 'electron' && !from.startsWith(join('src-main', 'shell')) && from !== join('src-main', 'main.ts'),
    );
    expect(elsewhere.map(show)).toEqual([]);
  });

  test('the page knows the contract, as types: no code of the gateway reaches a browser', () => {
    const leaks = imports.filter(
      ({ from, to, typeOnly }) =>
        from.startsWith('src-renderer') &&
        to.includes('src-main') &&
        !(typeOnly && to.includes(join('src-main', 'contract'))),
    );
    expect(leaks.map(show)).toEqual([]);
  });
});

describe('time and network', () => {
  test('only the clock knows the time: an hour passes in a test in a millisecond', () => {
    const pattern = /\bDate\.now\(|new Date\(\)|performance\.now\(|\bset(?:Timeout|Interval)\(/;
    const users = sources.filter(
      (path) =>
        isMain(path) && path !== join('src-main', 'base', 'clock.ts') && pattern.test(readFileSync(path, 'utf8')),
    );
    // The logger stamps its lines by itself, after everything else is done.
    expect(users).toEqual([join('src-main', 'base', 'log.ts')]);
  });

  test('only the http client reaches upstreams', () => {
    const pattern = /(?<!\.)\bfetch\(|\b(?:request|fetch|stream|Agent|Pool|Client)\b[^;]* from 'undici'|from 'axios'/;
    const users = sources.filter(
      (path) => isMain(path) && !path.includes('sandbox') && pattern.test(readFileSync(path, 'utf8')),
    );
    expect(users).toEqual([join('src-main', 'base', 'http-client.ts')]);
  });
});
