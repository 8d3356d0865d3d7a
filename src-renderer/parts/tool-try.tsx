import { Alert, Anchor, Button, Group, NativeSelect, SegmentedControl, Text, Textarea } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Snapshot } from '../../src-main/contract/control.ts';
import type { ToolDetailView } from '../../src-main/contract/tool-views.ts';
import type { Words } from '../../src-main/contract/words.ts';
import { faultProblems } from '../fault-problems.ts';
import { useLanguage } from '../language.tsx';
import { linkTo } from '../route.ts';
import { tryTexts } from '../texts/tool-try.ts';
import { type ArgumentsForm, useArguments } from '../use-arguments.ts';
import { type Trying, useTry } from '../use-try.ts';
import { Confirm } from './confirm.tsx';
import { Panel, Section } from './section.tsx';
import { ToolFields } from './tool-field.tsx';
import fieldStyles from './tool-field.module.css';
import { ToolRequest } from './tool-request.tsx';
import { ToolResult } from './tool-result.tsx';
import styles from './tool-try.module.css';

interface ToolTryProps {
  tool: ToolDetailView;
  snapshot: Snapshot;
}

/** A form for a tool's arguments, a look at the request, and a real call. */
export function ToolTry({ tool, snapshot }: ToolTryProps) {
  const { t } = useLanguage();
  const { accounts } = snapshot;
  const [chosen, setChosen] = useState('');
  const account = accounts.find(({ id }) => id === chosen) ?? accounts.find(({ isDefault }) => isDefault);
  const trying = useTry(tool, account?.id);
  const form = useArguments(tool.inputSchema);
  const who = account?.name ?? '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const input = form.collect();
    if (input && account) trying.run(input);
  };
  const preview = () => {
    const input = form.collect();
    if (input) trying.dryRun(input);
  };
  return (
    <Section title={t(tryTexts.title)}>
      <Panel>
        <p className={styles.hint}>{t(tryTexts.hint)}</p>
        <form onSubmit={submit} noValidate>
          <Arguments form={form} trying={trying} />
          <div className={styles.acts}>
            {accounts.length > 0 ? (
              <NativeSelect
                label={t(tryTexts.account)}
                value={account?.id ?? ''}
                data={accounts.map(({ id, name }) => ({ value: id, label: name }))}
                onChange={(change) => setChosen(change.currentTarget.value)}
              />
            ) : (
              <Text size="sm">
                {t(tryTexts.noAccount)}{' '}
                <Anchor underline="always" href={linkTo('accounts')}>
                  {t(tryTexts.signIn)}
                </Anchor>
              </Text>
            )}
            <Group gap="xs">
              <Button variant="default" loading={trying.busy} onClick={preview}>
                {t(tryTexts.dryRun)}
              </Button>
              <Button type="submit" loading={trying.busy} disabled={!account}>
                {t(tryTexts.run)}
              </Button>
            </Group>
          </div>
        </form>
        <Outcome trying={trying} />
      </Panel>
      <Confirm
        opened={trying.asking !== null}
        title={t(tryTexts.confirmTitle(tool.title || tool.name))}
        hint={t(tool.risk === 'destructive' ? tryTexts.confirmDestructive(who) : tryTexts.confirmWrite(who))}
        act={t(tryTexts.confirmAct)}
        onAct={trying.confirm}
        onClose={trying.giveUp}
      >
        {trying.asking?.preview && <ToolRequest dryRun={trying.asking.preview} />}
      </Confirm>
    </Section>
  );
}

function Arguments({ form, trying }: { form: ArgumentsForm; trying: Trying }) {
  const { t } = useLanguage();
  const problems = new Map<string, Words>();
  for (const { path, words } of [...faultProblems(trying.error), ...form.problems]) problems.set(path, words);
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label={t(tryTexts.editAs)}
        value={form.mode}
        onChange={(mode) => form.setMode(mode === 'json' ? 'json' : 'form')}
        data={[
          { value: 'form', label: t(tryTexts.asForm) },
          { value: 'json', label: t(tryTexts.asJson) },
        ]}
      />
      {form.mode === 'json' && (
        <Textarea
          mt="sm"
          classNames={{ input: fieldStyles.json ?? '' }}
          label={t(tryTexts.argumentsJson)}
          autosize
          minRows={6}
          maxRows={24}
          spellCheck={false}
          value={form.json}
          error={form.jsonProblem && t(form.jsonProblem)}
          onChange={(change) => form.setJson(change.currentTarget.value)}
        />
      )}
      {form.mode === 'form' && form.fields.length === 0 && <p className={styles.hint}>{t(tryTexts.noArguments)}</p>}
      {form.mode === 'form' && (
        <ToolFields fields={form.fields} values={form.values} path="" problems={problems} onChange={form.setValues} />
      )}
      {form.problems.length > 0 && (
        <Alert color="red" role="alert" mt="md">
          {t(tryTexts.correct(form.problems.length))}
        </Alert>
      )}
    </>
  );
}

function Outcome({ trying: { preview, result, error } }: { trying: Trying }) {
  const { t } = useLanguage();
  return (
    <div aria-live="polite">
      {error && (
        <Alert color="red" role="alert" mt="md">
          {t(error.words)}
        </Alert>
      )}
      {preview && (
        <section className={styles.outcome} aria-label={t(tryTexts.preview)}>
          <strong>{t(tryTexts.preview)}</strong>
          <p className={styles.hint}>{t(tryTexts.previewHint)}</p>
          <ToolRequest dryRun={preview} />
        </section>
      )}
      {result && (
        <section className={styles.outcome} aria-label={t(tryTexts.result)}>
          <strong>{t(tryTexts.result)}</strong>
          <ToolResult result={result} />
        </section>
      )}
    </div>
  );
}
