import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rule } from '../../../domain/automation/index.ts';
import type { Label, Lang } from '../../../domain/issue.ts';
import type { Catalog } from '../../../domain/schema/types.ts';
import { root } from '../../platform/root.ts';

/** A rule that comes with the product. Data: templates/rules.json. */
export interface RulePreset {
  id: string;
  name: Label;
  about: Label;
  /** Texts are in both languages, and become those of who takes the preset. */
  rule: Omit<Rule, 'id' | 'name' | 'author' | 'preset'>;
}

let known: RulePreset[] | undefined;

export function readRulePresets(): RulePreset[] {
  known ??= (JSON.parse(readFileSync(join(root, 'templates', 'rules.json'), 'utf8')) as { rules: RulePreset[] }).rules;
  return known;
}

/** A preset as a rule in one language. */
export function presetRule(preset: RulePreset, lang: Lang): Omit<Rule, 'id' | 'author'> & { preset: string } {
  return { name: preset.name[lang], ...inOneLanguage(preset.rule, lang), preset: preset.id };
}

/** Objects of both languages, wherever they stand, become the text of one. */
function inOneLanguage<T>(value: T, lang: Lang): T {
  if (Array.isArray(value)) return value.map((one) => inOneLanguage(one, lang)) as T;
  if (value === null || typeof value !== 'object') return value;
  const keys = Object.keys(value);
  if (keys.length === 2 && 'zh' in value && 'en' in value) return (value as Record<Lang, unknown>)[lang] as T;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inOneLanguage(inner, lang)])) as T;
}

/** Those whose objects the workspace has: it may have left some out. */
export function usablePresets(catalog: Catalog, problems: (rule: Rule) => unknown[]): RulePreset[] {
  return readRulePresets().filter(
    (preset) =>
      catalog.objects.length > 0 && problems({ ...presetRule(preset, 'zh'), id: preset.id, author: '' }).length === 0,
  );
}
