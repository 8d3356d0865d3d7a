import type { ToolListView } from '../../src-main/contract/tool-views.ts';
import type { Language } from '../../src-main/contract/words.ts';
import { formatCount } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { toolTexts } from '../texts/tools.ts';
import { type BudgetUse, contextUse, toolBudgetUse } from '../tool-list.ts';
import { Empty, Panel, Section } from './section.tsx';
import styles from './tool-cost.module.css';

/** How much the present list asks of a model and of its client. */
export function ToolCost({ list }: { list: ToolListView }) {
  const { language, t } = useLanguage();
  const count = list.tools.filter(({ listed }) => listed).length;
  return (
    <Section title={t(toolTexts.cost)}>
      {count === 0 ? (
        <Empty title={t(toolTexts.nothingListed)} hint={t(toolTexts.nothingListedHint)} />
      ) : (
        <Panel>
          <p className={styles.total} role="status">
            <strong>{formatCount(count, language)}</strong> {t(toolTexts.tools)} ·{' '}
            <strong>{formatCount(list.tokens, language)}</strong> {t(toolTexts.tokens)}
          </p>
          <ul className={styles.budgets} aria-label={t(toolTexts.budgets)}>
            {toolBudgetUse(count).map((use) => (
              <Budget
                key={use.of}
                use={use}
                label={t(toolTexts.toolBudget(use.of, formatCount(use.limit, language)))}
              />
            ))}
            {contextUse(list.tokens).map((use) => (
              <Budget key={use.limit} use={use} label={t(toolTexts.context(shortCount(use.limit, language)))} />
            ))}
          </ul>
          <p className={styles.hint}>{t(toolTexts.budgetsHint)}</p>
        </Panel>
      )}
    </Section>
  );
}

function Budget({ use, label }: { use: BudgetUse; label: string }) {
  const { language, t } = useLanguage();
  const share = use.used / use.limit;
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(share);
  return (
    <li className={styles.budget}>
      <span>{label}</span>
      <span className={styles.track} aria-hidden>
        <span className={styles.used} data-beyond={share > 1} style={{ width: `${Math.min(1, share) * 100}%` }} />
      </span>
      <span className={styles.share}>
        {percent}
        {share > 1 && <strong> {t(toolTexts.beyond)}</strong>}
      </span>
    </li>
  );
}

function shortCount(count: number, language: Language): string {
  return count >= 1_000_000
    ? `${formatCount(count / 1_000_000, language)}M`
    : `${formatCount(count / 1000, language)}k`;
}
