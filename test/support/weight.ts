import type { Page } from 'playwright-core';
import type { Site } from './browser.ts';

/** Opens an address in a profile that has seen nothing of it yet, so that style sheets and scripts count as well. @returns the page, how much came, in how many requests */
export async function weigh(
  site: Site,
  path: string,
  look: Parameters<Site['open']>[1],
): Promise<{ page: Page; bytes: number; requests: number }> {
  const context = (await site.open('/leaf.svg', look)).context();
  let bytes = 0;
  const sizes: Promise<void>[] = [];
  context.on('requestfinished', (request) => {
    sizes.push(
      request.sizes().then(({ responseBodySize, responseHeadersSize, requestHeadersSize }) => {
        bytes += responseBodySize + responseHeadersSize + requestHeadersSize;
      }),
    );
  });
  const page = await context.newPage();
  await page.goto(site.url + path);
  await page.waitForLoadState('networkidle');
  await Promise.all(sizes);
  return { page, bytes, requests: sizes.length };
}
