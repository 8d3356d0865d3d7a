import { describe, expect, test } from 'vitest';
import { parseCommand } from '../../../src-main/cli.ts';

const parse = (line: string) => parseCommand(line.split(' ').filter(Boolean));
const place = { sandbox: false, data: undefined, json: false };

describe('the command line', () => {
  test('serves when nothing is said', () => {
    expect(parse('')).toEqual({ name: 'serve', ...place, signedOut: false, port: undefined });
  });

  test.each([
    ['login', { way: undefined, appId: undefined, account: undefined, brand: undefined, scopes: [] }],
    ['login --device --app cli_1', { way: 'device', appId: 'cli_1' }],
    [
      'login --browser --account acc_1 --scope im:message --scope docx:document',
      {
        way: 'browser',
        account: 'acc_1',
        scopes: ['im:message', 'docx:document'],
      },
    ],
    ['login --token --lark --json', { way: 'token', brand: 'lark', json: true }],
    ['accounts', { action: 'list', subject: undefined }],
    ['accounts default 林晓雨', { action: 'default', subject: '林晓雨' }],
    ['logout', { subject: undefined, all: false }],
    ['logout acc_1', { subject: 'acc_1' }],
    ['renew --all --data here', { all: true, data: 'here' }],
    ['doctor --app cli_1', { appId: 'cli_1' }],
    ['app', { action: 'list', subject: undefined, brand: 'feishu' }],
    ['app create --name Mine --lark', { action: 'create', title: 'Mine', brand: 'lark' }],
    ['app add cli_1', { action: 'add', subject: 'cli_1' }],
    ['keys add cherry', { action: 'add', subject: 'cherry' }],
    ['keys', { action: 'list' }],
  ])('reads "larkgate %s"', (line, expected) => {
    expect(parse(line)).toMatchObject({ name: line.split(' ')[0], ...expected });
  });

  test.each([
    ['wat', 'wat'],
    ['serve again', 'again'],
    ['login me', 'me'],
    ['login --device --browser', '--browser'],
    ['serve --device', '--device'],
    ['accounts --lark', '--lark'],
    ['accounts default', 'default'],
    ['accounts list acc_1', 'acc_1'],
    ['logout acc_1 acc_2', 'acc_2'],
    ['app forget', 'forget'],
    ['app create cli_1', 'cli_1'],
    ['app invent', 'invent'],
    ['keys add', 'add'],
    ['--port 70000', '--port'],
    ['--nonsense', '--nonsense'],
  ])('refuses "larkgate %s" and names %s, in both languages', (line, culprit) => {
    const attempt = () => parse(line);
    expect(attempt).toThrow(culprit);
    try {
      attempt();
    } catch (fault) {
      expect(fault).toMatchObject({ code: 'config_invalid', words: { zh: expect.stringContaining(culprit) } });
    }
  });

  test('never takes a secret as an argument: it would be seen by every program of this machine', () => {
    for (const flag of ['--secret', '--app-secret', '--key']) expect(() => parse(`login ${flag} x`)).toThrow();
    for (const secret of [
      'u-0123456789abcdef',
      'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiI3In0.c2ln',
      'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE',
    ]) {
      expect(() => parse(`login --token ${secret}`)).toThrow(/Unknown command or argument: \*\*\*/);
      expect(() => parse(secret)).toThrow(/: \*\*\*/);
    }
  });
});
