import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import { ToolDirectory } from '../../../src-main/gateway/tool-directory.ts';
import { Toolset } from '../../../src-main/gateway/toolset.ts';
import type { Provider, Stock, Tool, ToolEntry, ToolOffer } from '../../../src-main/providers/provider.ts';

const annotations = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true };

function toolOf(provider: string, name: string): Tool {
  const entry: ToolEntry = {
    name,
    title: `Title of ${name}`,
    description: 'Creates a document in the knowledge base and returns its address.',
    inputSchema: { type: 'object', properties: { title: { type: 'string', description: 'The title of it' } } },
    outputSchema: { type: 'object' },
    annotations,
  };
  return {
    name,
    provider,
    risk: 'write',
    needsAccount: false,
    entry: () => entry,
    check: () => {},
    run: () => Promise.reject(new Error('not called in this test')),
  };
}

function offerOf(id: string, change: Partial<ToolOffer> = {}): ToolOffer {
  return { id, name: `n_${id}`, title: id, category: 'x', risk: 'read', tokens: 10, whyNot: null, ...change };
}

const connector: Provider = { name: 'dingtalk', tools: () => [toolOf('dingtalk', 'create_doc')] };
let listed = ['n_a'];
const stock: Stock = {
  presets: new Map([['preset.x', ['a', 'b', 'gone', 'barred']]]),
  offers: () => [offerOf('a'), offerOf('b', { tokens: 5 }), offerOf('barred', { whyNot: { zh: '不行', en: 'No' } })],
  look: () => undefined,
};
const stocked: Provider = { name: 'lark', tools: () => listed.map((name) => toolOf('lark', name)), stock };

function open(): { toolset: Toolset; directory: ToolDirectory } {
  listed = ['n_a'];
  const toolset = new Toolset([stocked, connector]);
  return { toolset, directory: new ToolDirectory([stocked, connector], toolset) };
}

test('a provider that lists all it has is shown with what its tools cost, by an estimate', () => {
  const { directory } = open();
  const [one] = directory.tools().filter(({ provider }) => provider === 'dingtalk');
  expect(one).toMatchObject({ id: 'create_doc', category: 'dingtalk', risk: 'write', listed: true, whyNot: null });
  const real = countTokens(JSON.stringify(toolOf('dingtalk', 'create_doc').entry()));
  expect(Math.abs((one?.tokens ?? 0) - real)).toBeLessThan(real * 0.15);
  expect(directory.look('create_doc').view).toMatchObject({ outputSchema: { type: 'object' }, request: null });
});

test('of a provider with a stock everything is shown, and what is listed is marked', () => {
  const { toolset, directory } = open();
  const marks = () => directory.tools().map(({ id, listed: is }) => [id, is]);
  expect(marks()).toEqual([
    ['a', true],
    ['b', false],
    ['barred', false],
    ['create_doc', true],
  ]);
  listed = ['n_b'];
  expect(marks()[0]).toEqual(['a', true]);
  toolset.rebuild();
  expect(marks().slice(0, 2)).toEqual([
    ['a', false],
    ['b', true],
  ]);
  expect(toolset.list().tools.map(({ name }) => name)).toEqual(['n_b', 'create_doc']);
});

test('a preset has those of its tools that can be had, and costs what they cost', () => {
  const { directory } = open();
  expect(directory.presets(directory.tools())).toEqual([{ name: 'preset.x', tools: ['a', 'b'], tokens: 15 }]);
});

test('an unknown name gets the nearest ones', () => {
  const { directory } = open();
  expect(() => directory.look('create_dok')).toThrow(
    expect.objectContaining({ code: 'unknown_tool', details: { didYouMean: ['create_doc'] } }),
  );
});
