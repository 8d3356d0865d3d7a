import { Switch } from '@mantine/core';
import type { PresetView, ToolListView } from '../../src-main/contract/tool-views.ts';
import { formatCount } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { presetTexts, toolTexts } from '../texts/tools.ts';
import { Panel, Section } from './section.tsx';
import styles from './tool-presets.module.css';

interface ToolPresetsProps {
  list: ToolListView;
  onSwitch: (name: string, on: boolean) => void;
}

/** Groups of tools, each with one switch. */
export function ToolPresets({ list, onSwitch }: ToolPresetsProps) {
  const { t } = useLanguage();
  const listed = new Set(list.tools.flatMap((tool) => (tool.listed ? [tool.id] : [])));
  return (
    <Section title={t(toolTexts.presets)}>
      <Panel>
        <p className={styles.hint}>{t(toolTexts.presetsHint)}</p>
        <ul className={styles.presets}>
          {list.presets.map((preset) => (
            <li key={preset.name}>
              <Preset preset={preset} on={list.enabled.includes(preset.name)} listed={listed} onSwitch={onSwitch} />
            </li>
          ))}
        </ul>
      </Panel>
    </Section>
  );
}

interface PresetProps {
  preset: PresetView;
  on: boolean;
  listed: ReadonlySet<string>;
  onSwitch: ToolPresetsProps['onSwitch'];
}

function Preset({ preset: { name, tools, tokens }, on, listed, onSwitch }: PresetProps) {
  const { language, t } = useLanguage();
  const words = Object.hasOwn(presetTexts, name) ? presetTexts[name] : undefined;
  const here = tools.filter((id) => listed.has(id)).length;
  const facts = [
    on ? t(toolTexts.toolCount(formatCount(tools.length, language))) : t(toolTexts.presetPart(here, tools.length)),
    t(toolTexts.tokenCount(formatCount(tokens, language))),
    name,
  ];
  return (
    <Switch
      size="sm"
      label={words ? t(words) : name}
      description={facts.join(' · ')}
      checked={on}
      onChange={(change) => onSwitch(name, change.currentTarget.checked)}
    />
  );
}
