import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import type { Language, Words } from '../src-main/contract/words.ts';

interface LanguageChoice {
  language: Language;
  /** The words in the language of the page. */
  t: (words: Words) => string;
  choose: (language: Language) => void;
}

const storageKey = 'larkgate.language';

const LanguageContext = createContext<LanguageChoice | undefined>(undefined);

/** The browser's language, until another is chosen; the choice is remembered. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);
  const choice = useMemo<LanguageChoice>(
    () => ({
      language,
      t: (words) => words[language],
      choose: (chosen) => {
        remember(chosen);
        setLanguage(chosen);
      },
    }),
    [language],
  );
  return <LanguageContext value={choice}>{children}</LanguageContext>;
}

export function useLanguage(): LanguageChoice {
  const choice = useContext(LanguageContext);
  if (!choice) throw new Error('useLanguage needs a LanguageProvider above it');
  return choice;
}

function firstLanguage(): Language {
  const remembered = recall();
  if (remembered === 'zh' || remembered === 'en') return remembered;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

// A browser that forbids storage still gets a page; it only forgets the choice.
function recall(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

function remember(language: Language): void {
  try {
    localStorage.setItem(storageKey, language);
  } catch {
    // See recall.
  }
}
