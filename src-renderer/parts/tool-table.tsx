import { Anchor, Badge, Switch } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { ToolListView, ToolView } from '../../src-main/contract/tool-views.ts';
import { formatCount } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { linkTo } from '../route.ts';
import { risks } from '../texts/common.ts';
import { toolTexts } from '../texts/tools.ts';
import { categoryName } from '../tool-category.ts';
import { canSwitch, type ToolRow } from '../tool-list.ts';
import { useRowFocus } from '../use-row-focus.ts';
import styles from './tool-table.module.css';

interface ToolTableProps {
  list: ToolListView;
  rows: ToolRow[];
  /** The tool that was open before: its line has the focus again. */
  from: string | null;
  onSwitch: (tool: ToolView, on: boolean) => void;
}

const heights = { category: 41, tool: 62 };

/** The tools that fit, of which only those in sight are drawn. Arrow keys go from tool to tool. */
export function ToolTable({ list, rows, from, onSwitch }: ToolTableProps) {
  const { t } = useLanguage();
  const focus = useRowFocus(rows, from);
  // oxlint-disable-next-line react-compiler -- what it returns is read in this component only
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => focus.container.current,
    estimateSize: (index) => heights[rows[index]?.kind ?? 'tool'],
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 6,
    // The line that has the focus stays, however far one scrolls.
    rangeExtractor: focus.range,
  });
  focus.follow(virtual);
  return (
    <div className={styles.table} role="table" aria-label={t(toolTexts.all)} aria-rowcount={rows.length + 1}>
      <div className={styles.head} role="rowgroup">
        <div className={styles.row} role="row" aria-rowindex={1}>
          <span role="columnheader">{t(toolTexts.name)}</span>
          <span role="columnheader">{t(toolTexts.risk)}</span>
          <span role="columnheader" className={styles.number}>
            {t(toolTexts.cost1)}
          </span>
          <span role="columnheader" className={styles.number}>
            {t(toolTexts.listed)}
          </span>
        </div>
      </div>
      <div
        className={styles.scroll}
        role="rowgroup"
        ref={focus.container}
        onKeyDown={focus.onKeyDown}
        onFocus={focus.onFocus}
      >
        <div className={styles.all} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, key, start }) => {
            const row = rows[index];
            return (
              <div
                key={key}
                className={styles.place}
                role="row"
                aria-rowindex={index + 2}
                data-index={index}
                ref={virtual.measureElement}
                style={{ transform: `translateY(${start}px)` }}
              >
                {row?.kind === 'category' && <CategoryCells row={row} />}
                {row?.kind === 'tool' && <ToolCells list={list} tool={row.tool} onSwitch={onSwitch} />}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function CategoryCells({ row }: { row: Extract<ToolRow, { kind: 'category' }> }) {
  const { t } = useLanguage();
  return (
    <div className={styles.category} role="cell" aria-colspan={4}>
      <strong>{categoryName(row.category, t)}</strong> <span className={styles.code}>{row.category}</span>{' '}
      <span className={styles.dim}>{t(toolTexts.inCategory(row.listed, row.count))}</span>
    </div>
  );
}

interface ToolCellsProps {
  list: ToolListView;
  tool: ToolView;
  onSwitch: (tool: ToolView, on: boolean) => void;
}

const riskColors = { read: 'gray', write: 'yellow', destructive: 'red' };

function ToolCells({ list, tool, onSwitch }: ToolCellsProps) {
  const { language, t } = useLanguage();
  const { id, name, title, risk, tokens, listed, whyNot } = tool;
  return (
    <div className={styles.row}>
      <div role="cell">
        <Anchor size="sm" href={linkTo('tools', { tool: id })}>
          {title || name}
        </Anchor>
        <div className={styles.code}>{name}</div>
        {whyNot && <div className={styles.why}>{t(whyNot)}</div>}
      </div>
      <div role="cell">
        <Badge variant="light" color={riskColors[risk]}>
          {t(risks[risk])}
        </Badge>
      </div>
      <div role="cell" className={styles.number}>
        {formatCount(tokens, language)}
      </div>
      <div role="cell" className={styles.number}>
        {whyNot ? (
          <span className={styles.why}>{t(toolTexts.notAvailable)}</span>
        ) : (
          <Switch
            size="sm"
            className={styles.switch}
            aria-label={t(toolTexts.listTool(name))}
            checked={listed}
            disabled={!canSwitch(list, tool)}
            title={canSwitch(list, tool) ? undefined : t(toolTexts.always)}
            onChange={(change) => onSwitch(tool, change.currentTarget.checked)}
          />
        )}
      </div>
    </div>
  );
}
