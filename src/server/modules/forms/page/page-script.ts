import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openHash, shownQuestions } from '../../../../domain/forms/index.ts';
import { pageFile } from '../../../platform/http/plain-page.ts';
import { root } from '../../../platform/root.ts';
import { readPageStyle } from '../../asking/index.ts';

const read = (name: string): string => readFileSync(join(root, 'templates', 'forms', name), 'utf8');

/**
 * The page's script: its few lines around the very functions of the domain that the server decides by, as their source stands. esbuild and tsx put
 * `__name` around functions, which is nothing on the page.
 */
export const formScript = (): string => `(() => {
'use strict';
const __name = (one) => one;
const shownQuestions = (() => (${shownQuestions}))();
const openHash = (() => (${openHash}))();
${read('form.js')}
})();
`;

export const formFiles = () => ({
  style: pageFile('/f/style', 'css', readPageStyle() + read('form.css')),
  script: pageFile('/f/script', 'js', formScript()),
});
