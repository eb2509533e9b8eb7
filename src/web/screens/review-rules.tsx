import { RulesDrawer } from '../features/review/rules-drawer.tsx';
import { CONDITION_TOOLS } from './condition-tools.tsx';

/** The rules, with the tables' filter bar for their conditions. */
export function ReviewRules({ onClose }: { onClose(): void }) {
  return <RulesDrawer tools={CONDITION_TOOLS} onClose={onClose} />;
}
