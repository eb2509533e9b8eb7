import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * What axe finds on a page now, as `rule: element`; [] when nothing. What is found must be there at a second look too: a message that
 * fades away while axe looks has colours that are none of ours. `exclude`: a part that is looked at elsewhere.
 */
export async function axeFindings(page: Page, exclude?: string): Promise<string[]> {
  const first = await lookOnce(page, exclude);
  if (first.length === 0) return first;
  const second = new Set(await lookOnce(page, exclude));
  return first.filter((finding) => second.has(finding));
}

async function lookOnce(page: Page, exclude: string | undefined): Promise<string[]> {
  // A colour half way through a transition is no colour of ours.
  await page.waitForTimeout(350);
  await page.evaluate(async () => {
    const ending = document
      .getAnimations()
      .filter((one) => one.playState === 'running' && one.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map((one) => one.finished));
  });
  // In the page itself: the other mode opens a second page for each look, and ours have no frames of others.
  const builder = new AxeBuilder({ page }).withTags(RULES).setLegacyMode();
  const { violations } = await (exclude ? builder.exclude(exclude) : builder).analyze();
  return violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}`));
}

/** Pixels by which a page is wider than the screen; 0 when nothing is cut or scrolls sideways. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const content = document.querySelector('.xk-content');
    const inside = content ? content.scrollWidth - content.clientWidth : 0;
    return Math.max(inside, document.documentElement.scrollWidth - innerWidth, 0);
  });
