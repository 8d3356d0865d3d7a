import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConformanceSummary, runConformanceScenario, runConformanceSuite } from '../helpers/conformance.ts';
import { createFixtureServer, serveFixture } from '../helpers/fixture-server.ts';
import { type StartedGateway, startGateway } from '../helpers/start-gateway.ts';

describe('the official conformance suite, with the fixture server behind the gateway', () => {
  let direct: ConformanceSummary;
  let through: ConformanceSummary;

  beforeAll(async () => {
    const fixture = await serveFixture();
    direct = await runConformanceSuite(fixture.url);
    await fixture.close();
    const gateway = await startGateway({ mount: createFixtureServer, config: { server: { keys: false } } });
    through = await runConformanceSuite(gateway.mcp);
    await gateway.close();
  });

  test('passes whole when asked directly: nothing is missing from the fixture', () => {
    expect(Object.keys(direct)).toHaveLength(32);
    expect(total(direct)).toEqual({ passed: 44, failed: 0 });
  });

  test('has the same outcome through the gateway', () => {
    expect(through).toEqual(direct);
  });
});

describe('the gateway by itself', () => {
  let gateway: StartedGateway;

  beforeAll(async () => {
    gateway = await startGateway({ config: { server: { keys: false } } });
  });

  afterAll(() => gateway.close());

  test.each(['server-initialize', 'ping', 'logging-set-level', 'tools-list', 'server-sse-multiple-streams', 'dns-rebinding-protection'])(
    'passes %s',
    async (scenario) => {
      const { passed, failed, checks } = await runConformanceScenario(gateway.mcp, scenario);
      expect({ failed, checks }).toEqual({ failed: 0, checks: checks.filter((check) => check.startsWith('SUCCESS')) });
      expect(passed).toBeGreaterThan(0);
    },
  );
});

function total(summary: ConformanceSummary): { passed: number; failed: number } {
  const scenarios = Object.values(summary);
  return {
    passed: scenarios.reduce((sum, { passed }) => sum + passed, 0),
    failed: scenarios.reduce((sum, { failed }) => sum + failed, 0),
  };
}
