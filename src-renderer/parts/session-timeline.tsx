import { Alert, Button, Text, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { Snapshot } from '../../src-main/contract/control.ts';
import type { TimelineView } from '../../src-main/contract/record-views.ts';
import type { CallView } from '../../src-main/contract/views.ts';
import { formatCount, formatMoment, formatMs, formatSpan } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { barsOf, type Moment, momentsOf } from '../session-moments.ts';
import { limitKinds } from '../texts/common.ts';
import { sessionTexts } from '../texts/sessions.ts';
import { CallDetail } from './call-detail.tsx';
import { OutcomeBadge } from './outcome-badge.tsx';
import { Empty, Panel } from './section.tsx';
import styles from './session-timeline.module.css';
import table from './table.module.css';

const shownAtFirst = 100;
/** A pause that is worth telling. */
const longMs = 5000;

interface SessionTimelineProps {
  timeline: TimelineView;
  snapshot: Snapshot;
  now: number;
}

/** What happened in one session: as a drawing over time, and told in order. */
export function SessionTimeline({ timeline, snapshot, now }: SessionTimelineProps) {
  const { language, t } = useLanguage();
  const [all, setAll] = useState(false);
  const [openId, setOpenId] = useState<string>();
  const moments = momentsOf(timeline);
  if (moments.length === 0) return <Empty title={t(sessionTexts.quiet)} hint={t(sessionTexts.quietHint)} />;
  const shown = all ? moments : moments.slice(-shownAtFirst);
  const longest = Math.max(1, ...timeline.calls.map((call) => call.ms ?? 0));
  return (
    <Panel>
      <Strip timeline={timeline} now={now} />
      {timeline.more && (
        <Alert color="blue" mb="sm">
          {t(sessionTexts.onlyNewest(formatCount(timeline.calls.length, language)))}
        </Alert>
      )}
      {shown.length < moments.length && (
        <Button size="xs" variant="default" onClick={() => setAll(true)}>
          {t(sessionTexts.showEarlier(formatCount(moments.length - shown.length, language)))}
        </Button>
      )}
      <ol className={styles.moments} aria-label={t(sessionTexts.timeline)}>
        {shown.map((moment) => (
          <li key={'call' in moment ? moment.call.id : `${moment.at} ${moment.hit.kind} ${moment.hit.retryAfterMs}`}>
            {moment.afterMs >= longMs && (
              <div className={styles.pause}>{t(sessionTexts.pause(formatSpan(moment.afterMs, language)))}</div>
            )}
            <MomentLine moment={moment} longest={longest} now={now} onOpen={setOpenId} />
          </li>
        ))}
      </ol>
      <CallDetail
        call={timeline.calls.find((call) => call.id === openId)}
        accounts={snapshot.accounts}
        onClose={() => setOpenId(undefined)}
      />
    </Panel>
  );
}

interface MomentLineProps {
  moment: Moment;
  longest: number;
  now: number;
  onOpen: (callId: string) => void;
}

function MomentLine({ moment, longest, now, onOpen }: MomentLineProps) {
  const { language, t } = useLanguage();
  const time = <span className={styles.time}>{formatMoment(moment.at, language, now)}</span>;
  if ('hit' in moment) {
    const { kind, retryAfterMs } = moment.hit;
    return (
      <div className={styles.moment}>
        {time}
        <span className={styles.hit}>{t(sessionTexts.hit(limitKinds[kind], formatMs(retryAfterMs)))}</span>
      </div>
    );
  }
  const { call } = moment;
  return (
    <div className={styles.moment}>
      {time}
      <UnstyledButton className={table.open} aria-haspopup="dialog" onClick={() => onOpen(call.id)}>
        {call.tool}
      </UnstyledButton>
      <OutcomeBadge outcome={call.outcome} />
      <span className={styles.duration}>{call.ms === null ? '–' : formatMs(call.ms)}</span>
      <Duration call={call} longest={longest} />
    </div>
  );
}

function Duration({ call, longest }: { call: CallView; longest: number }) {
  const ms = call.ms ?? 0;
  const upstream = Math.min(call.upstreamMs, ms);
  return (
    <span className={styles.track} aria-hidden>
      <span className={styles.upstream} style={{ width: `${(upstream / longest) * 100}%` }} />
      <span className={styles.gateway} style={{ width: `${((ms - upstream) / longest) * 100}%` }} />
    </span>
  );
}

const laneHeight = 10;
const width = 1000;

/** The whole session from left to right. Failed calls reach through all lanes; limit hits are marks at the bottom. */
function Strip({ timeline, now }: { timeline: TimelineView; now: number }) {
  const { language, t } = useLanguage();
  const { calls, limitHits, session } = timeline;
  const times = [
    ...calls.flatMap((call) => [call.startedAt, call.startedAt + (call.ms ?? 0)]),
    ...limitHits.map((hit) => hit.at),
  ];
  const from = times.reduce((a, b) => Math.min(a, b), Infinity);
  const end = times.reduce((a, b) => Math.max(a, b), from + 1);
  const until = calls.some((call) => call.outcome === null) ? Math.max(end, now) : end;
  const failed = calls.filter((call) => call.outcome === 'error' || call.outcome === 'unknown').length;
  const bars = barsOf(calls, from, until);
  const lanes = bars.reduce((most, { lane }) => Math.max(most, lane + 1), 2) * laneHeight;
  const height = lanes + 8;
  const label = sessionTexts.strip({
    calls: formatCount(calls.length, language),
    failed: formatCount(failed, language),
    hits: formatCount(limitHits.length, language),
    span: formatSpan(until - from, language),
  });
  return (
    <figure className={styles.figure}>
      <svg
        className={styles.strip}
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t(label)}
      >
        {bars.map(({ call, from: start, length, lane }) => {
          const isFailed = call.outcome === 'error' || call.outcome === 'unknown';
          return (
            <rect
              key={call.id}
              className={isFailed ? styles.failed : styles.call}
              x={start * (width - 3)}
              width={Math.max(3, length * (width - 3))}
              y={isFailed ? 0 : lane * laneHeight}
              height={isFailed ? lanes : laneHeight - 2}
            />
          );
        })}
        {limitHits.map((hit, index) => (
          <rect
            key={`${hit.at} ${index}`}
            className={styles.mark}
            x={((hit.at - from) / Math.max(1, until - from)) * (width - 3)}
            width="3"
            y={height - 6}
            height="6"
          />
        ))}
      </svg>
      <div className={styles.ends} aria-hidden>
        <span>{formatMoment(from, language, now)}</span>
        <span>{formatMoment(until, language, now)}</span>
      </div>
      <Text size="sm" c="dimmed">
        {t(label)} {session === null && t(sessionTexts.forgotten)}
      </Text>
    </figure>
  );
}
