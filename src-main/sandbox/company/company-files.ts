import { createBase, createTable } from './base-tables.ts';
import { createDocument, markdownToBlocks } from './documents.ts';
import { addFile } from './drive-files.ts';
import { findPerson, people } from './people.ts';
import { createSpreadsheet } from './spreadsheets.ts';
import type { World } from './world.ts';

const day = 24 * 60 * 60 * 1000;
const [author] = people;
const owned = { owner: author.key, tenantKey: author.tenantKey };

/** The company's documents, tables and wiki. */
export function fileCabinet(world: World): void {
  const folder = addFile(world, { token: world.store.nextId('folder'), type: 'folder', name: '手账 2.0', ...owned });
  for (const [title, text] of documents) writeDocument(world, { title, text, parent: folder.token });
  keepRequirements(world, folder.token);
  keepBudget(world, folder.token);
  openWiki(world);
}

const documents: [title: string, markdown: string][] = [
  [
    '手账 2.0 需求文档',
    `## 背景
青禾手账 1.x 有 12 万月活用户，反馈最多的是多设备不同步。
## 目标
- 三端数据在 5 秒内一致
- 离线可写，恢复网络后自动合并
- 首页改版，常用模板一步可达
## 离线冲突
1. 同一页面以最后编辑为准，旧版本保留 30 天
2. 附件不合并，两份都保留
## 里程碑
- [x] 需求评审
- [ ] 灰度发布
- [ ] 全量发布`,
  ],
  [
    '用户访谈纪要',
    `## 受访者
共 8 位，手账使用时长 6 个月到 3 年。
## 主要发现
- 多设备同步是最强烈的诉求
- 模板太多，找不到常用的
> 我每天在地铁上写，到公司再看就不见了。`,
  ],
  [
    '发布会执行方案',
    '## 时间地点\n月底周六下午，场地待定。\n## 分工\n- 张伟明：场地与嘉宾\n- 王思琪：主视觉与物料\n- 林晓雨：产品演示',
  ],
];

function writeDocument(world: World, { title, text, parent }: { title: string; text: string; parent: string }): string {
  const { token } = createDocument(world, title, markdownToBlocks(text));
  addFile(world, { token, type: 'docx', name: title, parent, ...owned });
  return token;
}

const requirements: [title: string, state: string, priority: string, owner: string, days: number, hours: number][] = [
  ['三端同步', '开发中', 'P0', 'chen.zhiyuan', 6, 80],
  ['离线冲突合并', '评审中', 'P0', 'chen.zhiyuan', 9, 40],
  ['首页改版', '开发中', 'P0', 'wang.siqi', 7, 56],
  ['模板收藏', '待评审', 'P1', 'lin.xiaoyu', 14, 16],
  ['深色模式', '开发中', 'P1', 'wang.siqi', 10, 24],
  ['导出 PDF', '待评审', 'P2', 'chen.zhiyuan', 21, 20],
  ['登录改造', '已上线', 'P0', 'chen.zhiyuan', -7, 32],
  ['图标规范', '已上线', 'P1', 'wang.siqi', -3, 12],
  ['搜索历史', '待评审', 'P2', 'lin.xiaoyu', 25, 10],
  ['桌面小组件', '待评审', 'P1', 'chen.zhiyuan', 18, 30],
  ['每日提醒', '已上线', 'P1', 'chen.zhiyuan', -12, 14],
  ['数据备份', '开发中', 'P0', 'chen.zhiyuan', 5, 36],
  ['多人协作', '待评审', 'P2', 'lin.xiaoyu', 40, 120],
  ['贴纸商店', '待评审', 'P2', 'zhang.weiming', 35, 60],
  ['邀请好友', '评审中', 'P1', 'zhang.weiming', 16, 22],
  ['年度报告', '待评审', 'P2', 'zhang.weiming', 50, 48],
  ['字体设置', '已上线', 'P2', 'wang.siqi', -20, 8],
  ['语音输入', '评审中', 'P1', 'chen.zhiyuan', 28, 44],
  ['标签管理', '开发中', 'P1', 'lin.xiaoyu', 8, 18],
  ['崩溃率治理', '开发中', 'P0', 'chen.zhiyuan', 3, 26],
];

function keepRequirements(world: World, parent: string): void {
  const { file, table: blank } = createBase(world, { name: '产品需求池', parent, ...owned });
  const choices = (...names: string[]) => ({ options: names.map((name) => ({ name })) });
  const table = createTable(world, file.token, {
    name: '需求',
    fields: [
      { field_name: '需求', type: 1 },
      { field_name: '状态', type: 3, property: choices('待评审', '评审中', '开发中', '已上线') },
      { field_name: '优先级', type: 3, property: choices('P0', 'P1', 'P2') },
      { field_name: '负责人', type: 11, property: { multiple: false } },
      { field_name: '计划上线', type: 5, property: { date_formatter: 'yyyy/MM/dd' } },
      { field_name: '工时', type: 2, property: { formatter: '0' } },
    ],
  });
  world.tables.delete(blank.id);
  const now = world.now();
  for (const [title, state, priority, owner, days, hours] of requirements) {
    const fields = {
      需求: title,
      状态: state,
      优先级: priority,
      负责人: [{ id: findPerson(owner)?.openId }],
      计划上线: now + days * day,
      工时: hours,
    };
    world.records.add('record', (id) => ({
      id,
      table: table.id,
      fields,
      createdBy: author.key,
      createdAt: now,
      modifiedBy: author.key,
      modifiedAt: now,
    }));
  }
}

function keepBudget(world: World, parent: string): void {
  const rows = [
    ['项目', '预算（元）', '已用（元）', '负责人'],
    ['场地', 30_000, 5000, '张伟明'],
    ['物料', 12_000, 3600, '王思琪'],
    ['嘉宾', 20_000, 0, '张伟明'],
    ['直播', 8000, 0, '陈志远'],
    ['合计', 70_000, 8600, ''],
  ];
  createSpreadsheet(world, {
    name: '发布会预算表',
    parent,
    ...owned,
    sheets: [
      { title: '预算', values: rows },
      { title: '备注', values: [] },
    ],
  });
}

function openWiki(world: World): void {
  const space = world.spaces.add('space', (id) => ({
    id,
    name: '青禾知识库',
    description: '产品、研发与市场的共同资料',
    tenantKey: author.tenantKey,
  })).id;
  const guide = addPage(world, {
    space,
    title: '新人指南',
    text: '## 第一周\n- 领电脑，开通账号\n- 读产品介绍\n- 和导师过一遍需求池',
  });
  addPage(world, {
    space,
    parent: guide,
    title: '产品介绍',
    text: '青禾手账是一款帮助人们每天记录十分钟的应用。\n## 版本\n- 1.0 单机\n- 2.0 三端同步',
  });
  addPage(world, {
    space,
    title: '研发规范',
    text: '## 分支\n主干开发，按版本拉发布分支。\n## 评审\n每个合并请求至少一人评审。',
  });
}

function addPage(
  world: World,
  { space, parent = '', title, text }: { space: string; parent?: string; title: string; text: string },
): string {
  const objToken = writeDocument(world, { title, text, parent: `wiki/${space}` });
  const now = world.now();
  return world.nodes.add('node', (token) => ({
    token,
    space,
    parent,
    objToken,
    objType: 'docx',
    title,
    creator: author.key,
    createdAt: now,
    editedAt: now,
  })).token;
}
