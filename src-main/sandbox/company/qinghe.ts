import { fileCabinet } from './company-files.ts';
import type { Story } from './company.ts';

const team = ['lin.xiaoyu', 'chen.zhiyuan', 'wang.siqi', 'zhang.weiming'];

/** The company behind the Feishu origin. */
export const qinghe: Story = {
  creator: 'lin.xiaoyu',
  team,
  tasklist: '手账 2.0 发布',
  chats: [
    {
      name: '产品群',
      description: '产品需求与排期讨论',
      members: team,
      talk: [
        ['lin.xiaoyu', '大家早，本周重点是青禾手账 2.0 的需求评审，文档已放到知识库。'],
        ['wang.siqi', '首页改版的设计稿出了第二版，今天下午发给大家看。'],
        ['chen.zhiyuan', '接口这边登录和同步已经联调完，还差离线冲突的处理。'],
        ['lin.xiaoyu', '离线冲突我补一个小节到需求文档里，周三评审时一起过。'],
        ['zhang.weiming', '渠道那边问 2.0 的发布时间，能先给一个大概范围吗？'],
        ['lin.xiaoyu', '目标是月底灰度，下月第二周全量。'],
        ['app', '提醒：周三 14:00 需求评审会，会议室「竹」。'],
      ],
    },
    {
      name: '研发周报',
      description: '每周五 18:00 前提交',
      members: ['chen.zhiyuan', 'lin.xiaoyu', 'wang.siqi'],
      talk: [
        ['chen.zhiyuan', '本周：同步服务压测通过，P99 180ms；下周：离线冲突合并。'],
        ['wang.siqi', '本周：图标规范定稿；下周：深色模式走查。'],
      ],
    },
    {
      name: '市场活动小组',
      description: '2.0 发布活动筹备',
      members: ['zhang.weiming', 'lin.xiaoyu', 'wang.siqi'],
      talk: [
        ['zhang.weiming', '发布会场地初选了两个，预算表在云文档里，大家填一下意见。'],
        ['wang.siqi', '主视觉周五给初稿。'],
      ],
    },
  ],
  events: [
    {
      title: '产品站会',
      organizer: 'lin.xiaoyu',
      guests: team,
      days: -14,
      from: 9.5,
      hours: 0.25,
      recurrence: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
    },
    {
      title: '手账 2.0 需求评审',
      organizer: 'lin.xiaoyu',
      guests: ['chen.zhiyuan', 'wang.siqi'],
      days: 1,
      from: 14,
      hours: 1.5,
    },
    { title: '设计走查：首页改版', organizer: 'wang.siqi', guests: ['lin.xiaoyu'], days: 0, from: 16, hours: 1 },
    { title: '发布活动预算沟通', organizer: 'zhang.weiming', guests: ['lin.xiaoyu'], days: 2, from: 10.5, hours: 1 },
    { title: '同步服务压测复盘', organizer: 'chen.zhiyuan', guests: [], days: -2, from: 15, hours: 1 },
  ],
  tasks: [
    { summary: '补充离线冲突的需求说明', creator: 'chen.zhiyuan', assignee: 'lin.xiaoyu', dueDays: 1 },
    { summary: '确认发布会场地', creator: 'lin.xiaoyu', assignee: 'zhang.weiming', dueDays: 3 },
    { summary: '提交上线检查清单', creator: 'lin.xiaoyu', assignee: 'lin.xiaoyu', dueDays: 5 },
    { summary: '深色模式走查', creator: 'lin.xiaoyu', assignee: 'wang.siqi', dueDays: 4 },
    { summary: '整理用户访谈纪要', creator: 'lin.xiaoyu', assignee: 'lin.xiaoyu', dueDays: -1, done: true },
  ],
  files: fileCabinet,
};
