import { Alert, Anchor, Badge, Button, Switch, Text, Title } from '@mantine/core';
import type { Snapshot } from '../../src-main/contract/control.ts';
import type { ToolDetailView } from '../../src-main/contract/tool-views.ts';
import { formatCount } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { linkTo } from '../route.ts';
import { risks } from '../texts/common.ts';
import { annotationTexts, toolTexts } from '../texts/tools.ts';
import { categoryName } from '../tool-category.ts';
import { canSwitch, withTool } from '../tool-list.ts';
import { useAnswer } from '../use-answer.ts';
import type { Tools } from '../use-tools.ts';
import facts from './call-detail.module.css';
import { CopyButton } from './copy-button.tsx';
import { Panel, Section } from './section.tsx';
import styles from './tool-detail.module.css';
import { ToolSchema } from './tool-schema.tsx';
import { ToolTry } from './tool-try.tsx';

interface ToolDetailProps {
  /** Its id, or the name that clients see. */
  name: string;
  snapshot: Snapshot;
  revision: number;
  tools: Tools;
}

/** One tool in full: what it does, what it takes, and the place to try it. */
export function ToolDetail({ name, snapshot, revision, tools }: ToolDetailProps) {
  const { t } = useLanguage();
  const { answer, error, reload } = useAnswer('tool', { name }, revision);
  const tool = answer?.tool;
  return (
    <>
      <p className={styles.back}>
        <Anchor href={linkTo('tools')}>{t(toolTexts.back)}</Anchor>
      </p>
      {error && !tool && (
        <>
          <Title order={1} size="h3" mb="md">
            {t(error.code === 'unknown_tool' ? toolTexts.unknown : toolTexts.title)}
          </Title>
          <Alert color="red" role="alert">
            {t(error.words)}
            <div className={styles.again}>
              <Button size="xs" variant="default" onClick={reload}>
                {t(toolTexts.again)}
              </Button>
            </div>
          </Alert>
        </>
      )}
      {!tool && !error && <Text role="status">{t(toolTexts.loading)}</Text>}
      {tool && (
        <>
          <Head tool={tool} tools={tools} />
          <Section title={t(toolTexts.description)}>
            <Panel>
              <p className={styles.description}>{tool.description}</p>
              <Facts tool={tool} />
            </Panel>
          </Section>
          <Section title={t(toolTexts.input)}>
            <Panel>
              <ToolSchema schema={tool.inputSchema} />
            </Panel>
          </Section>
          {tool.outputSchema && (
            <Section title={t(toolTexts.output)}>
              <Panel>
                <ToolSchema schema={tool.outputSchema} />
              </Panel>
            </Section>
          )}
          {tool.whyNot === null && <ToolTry tool={tool} snapshot={snapshot} />}
        </>
      )}
    </>
  );
}

const riskColors = { read: 'gray', write: 'yellow', destructive: 'red' };

function Head({ tool, tools }: { tool: ToolDetailView; tools: Tools }) {
  const { t } = useLanguage();
  const { list, changeError, change } = tools;
  // The list is what a switch changes, so it is what tells how things stand.
  const listed = list?.tools.find(({ id }) => id === tool.id) ?? tool;
  return (
    <>
      <div className={styles.head}>
        <Title order={1} size="h3">
          {tool.title || tool.name}
        </Title>
        <Badge variant="light" color={riskColors[tool.risk]}>
          {t(risks[tool.risk])}
        </Badge>
      </div>
      <div className={styles.name}>
        <span className={styles.code}>{tool.name}</span>
        <CopyButton value={tool.name} what={tool.name} />
      </div>
      {tool.whyNot ? (
        <Alert color="yellow" mb="md" title={t(toolTexts.notAvailable)}>
          {t(tool.whyNot)}
        </Alert>
      ) : (
        <Switch
          mb="md"
          label={t(listed.listed ? toolTexts.listedNow : toolTexts.notListed)}
          checked={listed.listed}
          disabled={!list || !canSwitch(list, listed)}
          onChange={(switched) => {
            const on = switched.currentTarget.checked;
            change((now) => withTool(now, tool, on));
          }}
        />
      )}
      {changeError && (
        <Alert color="red" role="alert" mb="md">
          {t(changeError.words)}
        </Alert>
      )}
    </>
  );
}

function Facts({ tool }: { tool: ToolDetailView }) {
  const { language, t } = useLanguage();
  const { annotations, request } = tool;
  const hints = [
    annotationTexts.readOnlyHint[annotations.readOnlyHint ? 'true' : 'false'],
    annotationTexts.destructiveHint[annotations.destructiveHint ? 'true' : 'false'],
    annotationTexts.idempotentHint[annotations.idempotentHint ? 'true' : 'false'],
    annotationTexts.openWorldHint[annotations.openWorldHint ? 'true' : 'false'],
  ];
  return (
    <dl className={facts.facts}>
      <dt>{t(toolTexts.service)}</dt>
      <dd>
        {categoryName(tool.category, t)} <span className={styles.code}>{tool.category}</span>
      </dd>
      {request && (
        <>
          <dt>{t(toolTexts.request)}</dt>
          <dd className={styles.code}>
            {request.method} {request.path}
          </dd>
        </>
      )}
      <dt>{t(toolTexts.cost1)}</dt>
      <dd>{formatCount(tool.tokens, language)}</dd>
      <dt>{t(toolTexts.hints)}</dt>
      <dd>
        <ul className={styles.hints}>
          {hints.map((hint) => (
            <li key={hint.en}>{t(hint)}</li>
          ))}
        </ul>
      </dd>
    </dl>
  );
}
