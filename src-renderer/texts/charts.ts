import { words } from './common.ts';

export const chartTexts = {
  asTable: words('以表格显示', 'As a table'),
  nothing: words('这段时间什么也没有发生。', 'Nothing happened in this time.'),
  time: words('时间', 'Time'),
  hour: words('最近一小时', 'The last hour'),
  week: words('最近 7 天', 'The last 7 days'),
  range: words('时间范围', 'Time range'),
};
