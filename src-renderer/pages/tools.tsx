import { Alert, Anchor, Button, Text, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Snapshot } from '../../src-main/contract/control.ts';
import type { ToolListView } from '../../src-main/contract/tool-views.ts';
import { formatCount } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { Empty, Section } from '../parts/section.tsx';
import { ToolClientView } from '../parts/tool-client-view.tsx';
import { ToolCost } from '../parts/tool-cost.tsx';
import { ToolDetail } from '../parts/tool-detail.tsx';
import { noFilter, ToolFilters } from '../parts/tool-filters.tsx';
import { ToolPresets } from '../parts/tool-presets.tsx';
import { ToolTable } from '../parts/tool-table.tsx';
import { linkTo, useRoute } from '../route.ts';
import { toolTexts } from '../texts/tools.ts';
import { toolRows, withPreset, withTool } from '../tool-list.ts';
import { type Tools, useTools } from '../use-tools.ts';
import calls from './calls.module.css';
import styles from './tools.module.css';

interface ToolsPageProps {
  snapshot: Snapshot;
  /** Changes whenever tools may have. */
  revision: number;
}

/** Every tool there is, which of them clients see, and one of them in full. */
export function ToolsPage({ snapshot, revision }: ToolsPageProps) {
  const { language, t } = useLanguage();
  const opened = useRoute().parameters.get('tool');
  const [from, setFrom] = useState<string | null>(null);
  const [filter, setFilter] = useState(noFilter);
  const tools = useTools(revision);
  const { list, error } = tools;
  useEffect(() => {
    if (opened !== null) setFrom(opened);
  }, [opened]);
  if (opened !== null) {
    return <ToolDetail key={opened} name={opened} snapshot={snapshot} revision={revision} tools={tools} />;
  }
  return (
    <>
      <Title order={1} size="h3">
        {t(toolTexts.title)}
      </Title>
      <p className={calls.hint}>{t(toolTexts.hint)}</p>
      <Trouble tools={tools} />
      {!list && !error && <Text role="status">{t(toolTexts.loading)}</Text>}
      {list && (
        <>
          {list.language !== language && (
            <p className={calls.hint}>
              {t(toolTexts.otherLanguage)}{' '}
              <Anchor underline="always" href={linkTo('settings')}>
                {t(toolTexts.toSettings)}
              </Anchor>
            </p>
          )}
          <div className={styles.pair}>
            <ToolPresets list={list} onSwitch={(name, on) => tools.change((now) => withPreset(now, name, on))} />
            <ToolCost list={list} />
          </div>
          <AllTools tools={tools} list={list} from={from} filter={filter} onFilter={setFilter} />
          <ToolClientView clients={snapshot.clients} revision={revision} />
        </>
      )}
    </>
  );
}

function Trouble({ tools: { list, error, reload, changeError, kept } }: { tools: Tools }) {
  const { t } = useLanguage();
  return (
    <>
      {error && (
        <Alert color="red" role="alert" mb="md">
          {t(error.words)}
          {!list && (
            <div className={styles.act}>
              <Button size="xs" variant="default" onClick={reload}>
                {t(toolTexts.again)}
              </Button>
            </div>
          )}
        </Alert>
      )}
      {changeError && (
        <Alert color="red" role="alert" mb="md">
          {t(changeError.words)}
        </Alert>
      )}
      {!kept && (
        <Alert color="yellow" role="status" mb="md">
          {t(toolTexts.notKept)}
        </Alert>
      )}
    </>
  );
}

interface AllToolsProps {
  tools: Tools;
  list: ToolListView;
  from: string | null;
  filter: typeof noFilter;
  onFilter: (filter: typeof noFilter) => void;
}

function AllTools({ tools, list, from, filter, onFilter }: AllToolsProps) {
  const { language, t } = useLanguage();
  const rows = toolRows(list.tools, filter);
  const shown = rows.filter(({ kind }) => kind === 'tool').length;
  const listed = list.tools.filter((tool) => tool.listed).length;
  const sum = t(toolTexts.count(formatCount(listed, language), formatCount(list.tools.length, language)));
  return (
    <Section title={t(toolTexts.all)} aside={<span className={styles.dim}>{sum}</span>}>
      <ToolFilters tools={list.tools} filter={filter} onChange={onFilter} />
      <p className={styles.shown} role="status">
        {t(toolTexts.shown(formatCount(shown, language)))}
      </p>
      {shown === 0 ? (
        <Empty title={t(toolTexts.noMatch)} hint={t(toolTexts.noMatchHint)}>
          <Button variant="default" onClick={() => onFilter(noFilter)}>
            {t(toolTexts.reset)}
          </Button>
        </Empty>
      ) : (
        <ToolTable
          list={list}
          rows={rows}
          from={from}
          onSwitch={(tool, on) => tools.change((now) => withTool(now, tool, on))}
        />
      )}
    </Section>
  );
}
