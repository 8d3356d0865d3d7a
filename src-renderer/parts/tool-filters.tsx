import { Button, NativeSelect, TextInput } from '@mantine/core';
import type { ToolView } from '../../src-main/contract/tool-views.ts';
import type { Risk } from '../../src-main/contract/views.ts';
import { useLanguage } from '../language.tsx';
import { risks } from '../texts/common.ts';
import { toolShows, toolTexts } from '../texts/tools.ts';
import { categoryName } from '../tool-category.ts';
import type { ToolFilter, ToolShow } from '../tool-list.ts';
import styles from '../pages/calls.module.css';

export const noFilter: ToolFilter = { text: '', category: null, risk: null, show: 'all' };
const riskOrder: Risk[] = ['read', 'write', 'destructive'];
const showOrder: ToolShow[] = ['all', 'listed', 'unlisted', 'unavailable'];

interface ToolFiltersProps {
  tools: ToolView[];
  filter: ToolFilter;
  onChange: (filter: ToolFilter) => void;
}

/** Which tools to look at. */
export function ToolFilters({ tools, filter, onChange }: ToolFiltersProps) {
  const { language, t } = useLanguage();
  const categories = [...new Set(tools.map(({ category }) => category))]
    .map((value) => ({ value, label: `${categoryName(value, t)} (${value})` }))
    .sort((a, b) => a.label.localeCompare(b.label, language));
  const isNarrow = JSON.stringify(filter) !== JSON.stringify(noFilter);
  return (
    <fieldset className={styles.filters} aria-label={t(toolTexts.find)}>
      <TextInput
        type="search"
        label={t(toolTexts.find)}
        placeholder={t(toolTexts.findHint)}
        value={filter.text}
        onChange={(change) => onChange({ ...filter, text: change.currentTarget.value })}
      />
      <NativeSelect
        label={t(toolTexts.category)}
        value={filter.category ?? ''}
        data={[{ value: '', label: t(toolTexts.allCategories) }, ...categories]}
        onChange={(change) => onChange({ ...filter, category: change.currentTarget.value || null })}
      />
      <NativeSelect
        label={t(toolTexts.risk)}
        value={filter.risk ?? ''}
        data={[
          { value: '', label: t(toolTexts.allRisks) },
          ...riskOrder.map((value) => ({ value, label: t(risks[value]) })),
        ]}
        onChange={(change) => {
          const risk = riskOrder.find((one) => one === change.currentTarget.value) ?? null;
          onChange({ ...filter, risk });
        }}
      />
      <NativeSelect
        label={t(toolTexts.show)}
        value={filter.show}
        data={showOrder.map((value) => ({ value, label: t(toolShows[value]) }))}
        onChange={(change) => {
          const show = showOrder.find((one) => one === change.currentTarget.value) ?? 'all';
          onChange({ ...filter, show });
        }}
      />
      {isNarrow && (
        <Button variant="default" onClick={() => onChange(noFilter)}>
          {t(toolTexts.reset)}
        </Button>
      )}
    </fieldset>
  );
}
