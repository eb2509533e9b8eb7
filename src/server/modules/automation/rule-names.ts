import { type Names, RULE_ACTOR } from './deps.ts';
import type { AutomationRuleStore } from './rule-store.ts';

/** Adds the names of rules (`rule:ID` in the history) to whoever has names already. */
export function withRuleNames(automation: AutomationRuleStore, names: Names): Names {
  return async (workspace, ids) => {
    const known = await names(workspace, ids);
    const asked = new Set(ids.filter((id) => id.startsWith(RULE_ACTOR)));
    if (asked.size === 0) return known;
    await automation.ready(workspace);
    const found = automation
      .of(workspace)
      .rules.flatMap(({ id, name }): [string, string][] =>
        asked.has(RULE_ACTOR + id) ? [[RULE_ACTOR + id, name]] : [],
      );
    return { ...known, ...Object.fromEntries(found) };
  };
}
