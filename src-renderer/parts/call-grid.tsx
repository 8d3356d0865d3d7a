import { UnstyledButton } from '@mantine/core';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, memo, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { AccountView, CallView } from '../../src-main/contract/views.ts';
import { accountName } from '../account-name.ts';
import { type CallList, callAt, countOf } from '../call-list.ts';
import { formatCount, formatMoment, formatMs } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { callTexts } from '../texts/calls.ts';
import { common } from '../texts/common.ts';
import styles from './call-grid.module.css';
import { OutcomeBadge } from './outcome-badge.tsx';
import table from './table.module.css';

interface CallGridProps {
  title: string;
  list: CallList;
  accounts: AccountView[];
  now: number;
  /** Says which places are on the screen. */
  onLook: (first: number, last: number) => void;
  onOpen: (call: CallView) => void;
}

/** The same as in the style sheet. */
const rowHeight = 42;
/** Browsers draw nothing beyond some millions of pixels. */
const mostRows = 400_000;

/** Any number of calls: only those on the screen are drawn. What begins is put on top and moves nothing. */
export function CallGrid({ title, list, accounts, now, onLook, onOpen }: CallGridProps) {
  const { t } = useLanguage();
  const scroller = useRef<HTMLDivElement>(null);
  const count = Math.min(mostRows, countOf(list));
  const { active, setActive, onKeyDown } = useActiveRow(list, count, scroller);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    // The row that Tab leads to is always there.
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), active])].filter((row) => row < count),
  });
  const first = rows.range?.startIndex ?? 0;
  const last = rows.range?.endIndex ?? 30;
  useEffect(() => onLook(first, last), [onLook, first, last, list.recorded]);
  useStayInPlace(list.added, scroller);
  const open = useCallback(
    (call: CallView, row: Element | null) => {
      setActive(Number(row?.getAttribute('data-place')));
      onOpen(call);
    },
    [setActive, onOpen],
  );
  return (
    <div className={styles.grid} role="grid" aria-label={title} aria-rowcount={count + 1} onKeyDown={onKeyDown}>
      <Head />
      {/* Tab leads to a row in it, and from there the arrows to all others. */}
      <div className={styles.scroller} ref={scroller} role="rowgroup" style={{ height: count * rowHeight }}>
        <div className={styles.all} role="presentation" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start }) => {
            const call = callAt(list, index);
            return (
              <div
                key={call?.id ?? `place ${index}`}
                className={styles.row}
                role="row"
                aria-rowindex={index + 2}
                data-place={index}
                style={{ transform: `translateY(${start}px)` }}
              >
                {call ? (
                  <CallCells
                    call={call}
                    account={accountName(call.accountId, accounts)}
                    now={now}
                    isActive={index === active}
                    onOpen={open}
                  />
                ) : (
                  <span role="gridcell" className={styles.unread}>
                    {t(callTexts.reading)}
                  </span>
                )}
              </div>
            );
          })}
        </div>
      </div>
      <Foot count={countOf(list)} isScrolled={first > 0} onTop={() => rows.scrollToOffset(0)} />
    </div>
  );
}

function Head() {
  const { t } = useLanguage();
  return (
    <div role="rowgroup" className={styles.head}>
      <div className={styles.cells} role="row" aria-rowindex={1}>
        <span role="columnheader">{t(common.time)}</span>
        <span role="columnheader">{t(common.tool)}</span>
        <span role="columnheader" className={styles.wide}>
          {t(common.client)}
        </span>
        <span role="columnheader" className={styles.wide}>
          {t(common.account)}
        </span>
        <span role="columnheader">{t(common.outcome)}</span>
        <span role="columnheader" className={styles.number}>
          {t(common.duration)}
        </span>
      </div>
    </div>
  );
}

interface CallCellsProps {
  call: CallView;
  account: string | null;
  now: number;
  isActive: boolean;
  onOpen: (call: CallView, row: Element | null) => void;
}

/** Drawn again only when something of it changed: rows move with each call that begins. */
const CallCells = memo(function CallCells({ call, account, now, isActive, onOpen }: CallCellsProps) {
  const { language, t } = useLanguage();
  return (
    <div className={styles.cells} role="presentation">
      <span role="gridcell" className={styles.time}>
        {formatMoment(call.startedAt, language, now)}
      </span>
      <span role="gridcell">
        <UnstyledButton
          className={table.open}
          aria-haspopup="dialog"
          tabIndex={isActive ? 0 : -1}
          onClick={(click) => onOpen(call, click.currentTarget.closest('[data-place]'))}
        >
          {call.tool}
        </UnstyledButton>
      </span>
      <span role="gridcell" className={styles.wide}>
        {call.client ?? t(common.unknownClient)}
      </span>
      <span role="gridcell" className={styles.wide}>
        {account ?? t(common.none)}
      </span>
      <span role="gridcell">
        <OutcomeBadge outcome={call.outcome} />
      </span>
      <span role="gridcell" className={styles.number}>
        {call.ms === null ? '–' : formatMs(call.ms)}
      </span>
    </div>
  );
});

function Foot({ count, isScrolled, onTop }: { count: number; isScrolled: boolean; onTop: () => void }) {
  const { language, t } = useLanguage();
  return (
    <div className={styles.foot} role="presentation">
      <span>{t(callTexts.count(formatCount(count, language)))}</span>
      {count > mostRows && <span>{t(callTexts.tooMany(formatCount(mostRows, language)))}</span>}
      {isScrolled && (
        <UnstyledButton className={styles.top} onClick={onTop}>
          {t(callTexts.newest)}
        </UnstyledButton>
      )}
    </div>
  );
}

/** The row that has the keyboard. It stays with its call when others come on top. */
function useActiveRow(list: CallList, count: number, scroller: React.RefObject<HTMLDivElement | null>) {
  const [active, setActive] = useState(0);
  const [seen, setSeen] = useState(list.added);
  const isMoving = useRef(false);
  const hasKeyboard = scroller.current?.contains(document.activeElement) ?? false;
  if (seen !== list.added) {
    setSeen(list.added);
    if (active > 0 || hasKeyboard) setActive(active + list.added - seen);
  }
  useEffect(() => {
    if (!isMoving.current) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-place="${active}"] button`);
    if (!row) return;
    isMoving.current = false;
    row.focus({ preventScroll: true });
  });
  const onKeyDown = (press: KeyboardEvent) => {
    const { current } = scroller;
    if (!current?.contains(document.activeElement)) return;
    const page = Math.max(1, Math.floor(current.clientHeight / rowHeight) - 1);
    const to = placeAfter(press.key, { active, page, count });
    if (to === undefined) return;
    press.preventDefault();
    isMoving.current = true;
    setActive(to);
    const top = to * rowHeight;
    const bottom = top + rowHeight - current.clientHeight;
    if (current.scrollTop > top) current.scrollTop = top;
    else if (current.scrollTop < bottom) current.scrollTop = bottom;
  };
  return { active: Math.min(active, Math.max(0, count - 1)), setActive, onKeyDown };
}

function placeAfter(key: string, at: { active: number; page: number; count: number }): number | undefined {
  const steps: Record<string, number> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: at.page,
    PageUp: -at.page,
    Home: -at.count,
    End: at.count,
  };
  const step = steps[key];
  return step === undefined ? undefined : Math.min(at.count - 1, Math.max(0, at.active + step));
}

/** Who reads further down goes on reading there. */
function useStayInPlace(added: number, scroller: React.RefObject<HTMLDivElement | null>): void {
  const before = useRef(added);
  useLayoutEffect(() => {
    const { current } = scroller;
    if (current && current.scrollTop > rowHeight / 2) current.scrollTop += (added - before.current) * rowHeight;
    before.current = added;
  }, [added, scroller]);
}
