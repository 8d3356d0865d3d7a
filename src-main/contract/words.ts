/** One sentence for people, in both languages of the product. */
export interface Words {
  zh: string;
  en: string;
}

export type Language = keyof Words;
