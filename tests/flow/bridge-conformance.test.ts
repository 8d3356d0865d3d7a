import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeRunFile } from '../../src-main/base/run-file.ts';
import { type BuiltBridge, bridgeCommand, builtBridge, giveBridgeKey } from '../helpers/bridge.ts';
import { type ConformanceSummary, runConformanceSuite } from '../helpers/conformance.ts';
import { createFixtureServer } from '../helpers/fixture-server.ts';
import { type TemporaryHome, createHome } from '../helpers/run-node.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';
import { type StdioFront, openStdioFront } from '../helpers/stdio-front.ts';

/** About HTTP itself, which standard input and output do not have. */
const aboutHttp = ['dns-rebinding-protection', 'server-sse-polling', 'server-sse-multiple-streams'];

let home: TemporaryHome;
let bridge: BuiltBridge;
let gateway: StartedGateway;
let front: StdioFront;
let through: ConformanceSummary;

beforeAll(async () => {
  home = await createHome();
  bridge = await builtBridge();
  await giveBridgeKey(home.path);
  const limits = { perSession: 10_000, perAddress: 10_000 };
  gateway = await startGateway({ data: home.path, mount: createFixtureServer, signedIn: false, config: { limits } });
  await writeRunFile(home.path, { pid: process.pid, port: gateway.app.port, startedAt: 1 });
  front = await openStdioFront(bridgeCommand(bridge, home.path));
  through = await runConformanceSuite(front.url);
});

afterAll(async () => {
  await front.close();
  await gateway.close();
  await bridge.remove();
  await home.remove();
});

test('the bridge passes every scenario of the official suite that standard input and output allow', () => {
  const judged = Object.entries(through).filter(([scenario]) => !aboutHttp.includes(scenario));
  expect(judged).toHaveLength(29);
  expect(judged.filter(([, { failed }]) => failed > 0)).toEqual([]);
  expect(judged.every(([, { passed }]) => passed > 0)).toBe(true);
});
