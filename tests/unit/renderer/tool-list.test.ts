import { describe, expect, it } from 'vitest';
import type { ToolListView, ToolView } from '../../../src-main/contract/tool-views.ts';
import {
  canSwitch,
  contextUse,
  predicted,
  toolBudgetUse,
  toolRows,
  withPreset,
  withTool,
} from '../../../src-renderer/tool-list.ts';
import { nextIndex } from '../../../src-renderer/use-row-focus.ts';

const all = { text: '', category: null, risk: null, show: 'all' } as const;

const tool = (id: string, more: Partial<ToolView> = {}): ToolView => ({
  id,
  name: id.replaceAll('.', '_'),
  title: `Title of ${id}`,
  category: id.split('.')[0] ?? '',
  provider: 'lark',
  risk: 'read',
  listed: false,
  tokens: 100,
  whyNot: null,
  ...more,
});

const appOnly = { zh: '只接受应用身份', en: 'takes the app only' };
const chats = tool('im.v1.chat.list', { listed: true });
const send = tool('im.v1.message.create', { listed: true, risk: 'write' });
const remove = tool('acs.v1.ruleExternal.delete', { risk: 'destructive' });
const devices = tool('acs.v1.device.list', { whyNot: appOnly });

const list = (more: Partial<ToolListView> = {}): ToolListView => ({
  tools: [devices, remove, chats, send],
  presets: [{ name: 'preset.im.default', tools: [chats.id, send.id], tokens: 200 }],
  enabled: ['preset.im.default'],
  tokens: 200,
  language: 'en',
  ...more,
});

const idsOf = (rows: ReturnType<typeof toolRows>) => rows.map(({ id }) => id);

describe('the list of tools', () => {
  it('stands under its categories, what people use most first', () => {
    const rows = toolRows(list().tools, all);
    expect(idsOf(rows)).toEqual(['category im', chats.id, send.id, 'category acs', devices.id, remove.id]);
    expect(rows[0]).toMatchObject({ category: 'im', count: 2, listed: 2 });
  });

  it('is searched word by word in names and titles, in any case', () => {
    expect(idsOf(toolRows(list().tools, { ...all, text: 'TITLE  im chat' }))).toEqual(['category im', chats.id]);
    expect(idsOf(toolRows(list().tools, { ...all, text: 'im_v1_message' }))).toEqual(['category im', send.id]);
    expect(toolRows(list().tools, { ...all, text: 'im nothing' })).toEqual([]);
  });

  it('is narrowed by category, risk, and whether a tool is listed or can be', () => {
    const { tools } = list();
    expect(idsOf(toolRows(tools, { ...all, category: 'acs' }))).toEqual(['category acs', devices.id, remove.id]);
    expect(idsOf(toolRows(tools, { ...all, risk: 'write' }))).toEqual(['category im', send.id]);
    expect(idsOf(toolRows(tools, { ...all, show: 'listed' }))).toEqual(['category im', chats.id, send.id]);
    expect(idsOf(toolRows(tools, { ...all, show: 'unlisted' }))).toEqual(['category acs', remove.id]);
    expect(idsOf(toolRows(tools, { ...all, show: 'unavailable' }))).toEqual(['category acs', devices.id]);
  });

  it('leads arrow keys from tool to tool, past the heads of categories', () => {
    const rows = toolRows(list().tools, all);
    expect(nextIndex(rows, 2, 'ArrowDown')).toBe(4);
    expect(nextIndex(rows, 4, 'ArrowUp')).toBe(2);
    expect(nextIndex(rows, 1, 'ArrowUp')).toBe(1);
    expect(nextIndex(rows, 1, 'End')).toBe(5);
    expect(nextIndex(rows, 5, 'Home')).toBe(1);
    expect(nextIndex(rows, 1, 'PageDown')).toBe(5);
    expect(nextIndex(rows, 1, 'Enter')).toBeNull();
  });
});

describe('a switch', () => {
  it('lists one more tool, by its stable id', () => {
    expect(withTool(list(), remove, true)).toEqual(['preset.im.default', remove.id]);
  });

  it('takes one tool out of a preset and leaves the others listed', () => {
    expect(withTool(list(), send, false)).toEqual([chats.id]);
  });

  it('takes a tool out that stands there by another spelling, and out of every preset at once', () => {
    const presets = [...list().presets, { name: 'preset.light', tools: [send.id, remove.id], tokens: 1 }];
    const enabled = ['preset.im.default', 'preset.light', 'imV1MessageCreate', 'im_v1_message_create', 'other.tool'];
    expect(withTool(list({ presets, enabled }), send, false)).toEqual([chats.id, remove.id, 'other.tool']);
  });

  it('turns a preset on and off without touching anything else', () => {
    expect(withPreset(list(), 'preset.light', true)).toEqual(['preset.im.default', 'preset.light']);
    expect(withPreset(list({ enabled: ['a', 'preset.light', 'b'] }), 'preset.light', false)).toEqual(['a', 'b']);
    expect(withPreset(list(), 'preset.im.default', true)).toEqual(['preset.im.default']);
  });

  it('is there only where it does something', () => {
    expect(canSwitch(list(), chats)).toBe(true);
    expect(canSwitch(list(), remove)).toBe(true);
    expect(canSwitch(list(), devices)).toBe(false);
    expect(canSwitch(list(), tool('dingtalk.doc.read', { listed: true, provider: 'dingtalk' }))).toBe(false);
  });
});

it('a switch is seen to move before the gateway has answered, and so is what it costs', () => {
  const always = tool('dingtalk.doc.read', { listed: true, provider: 'dingtalk' });
  const before = list({ tools: [...list().tools, always] });
  const after = predicted(before, [chats.id, remove.id, devices.id]);
  expect(after.tools.filter(({ listed }) => listed).map(({ id }) => id)).toEqual([remove.id, chats.id, always.id]);
  expect(after).toMatchObject({ enabled: [chats.id, remove.id, devices.id], tokens: 300 });
  expect(predicted(before, before.enabled).tools).toEqual(before.tools);
});

it('the cost of a list is measured by what clients and models take', () => {
  expect(toolBudgetUse(60).find(({ of }) => of === 'Cursor')).toEqual({ of: 'Cursor', used: 60, limit: 40 });
  expect(contextUse(10_000).map(({ limit }) => limit)).toEqual([128_000, 200_000, 1_000_000]);
});
