import type { FormAnswers, FormQuestion } from './types.ts';

/**
 * Ids of the questions that are asked, given the answers so far. A hidden question counts as not answered, whatever was typed before it was hidden.
 * A condition may only name a question above (check-design.ts), so one pass from the top is enough.
 *
 * The page runs this very function: its source is put into the page's script, so it may use nothing from outside itself.
 */
export function shownQuestions(
  questions: readonly Pick<FormQuestion, 'id' | 'when'>[],
  answers: FormAnswers,
): string[] {
  const shown: string[] = [];
  for (const { id, when } of questions) {
    const holds = (when?.of ?? []).map((one) => {
      const given = shown.includes(one.question)
        ? (answers[one.question] ?? []).filter((text) => text.trim() !== '')
        : [];
      if (one.is === 'filled') return given.length > 0;
      if (one.is === 'empty') return given.length === 0;
      const some = given.some((text) => (one.values ?? []).includes(text));
      return one.is === 'one-of' ? some : !some;
    });
    const asked = !when || holds.length === 0 || (when.match === 'any' ? holds.includes(true) : !holds.includes(false));
    if (asked) shown.push(id);
  }
  return shown;
}
