import { attr, make } from './dom.ts';
import type { SheetCell } from './types.ts';

/** Leaf silhouettes of ui/leaf.tsx, as one path each; the sheet can't render components per cell. */
const LEAF: Record<'fresh' | 'aging' | 'stale', string> = {
  fresh: 'M13.4 2.2C6.9 2 2.6 4.9 2.6 9.7c0 1.3.4 2.4 1 3.2.7.5 1.5.7 2.4.7 5 0 8.1-4.4 7.4-11.4z',
  aging: 'M13.4 2.2C13 6.5 9.5 8.8 3.6 12.9c.7.5 1.5.7 2.4.7 5 0 8.1-4.4 7.4-11.4z',
  stale:
    'M12.9 3.6c-1.7.2-2.3 1.2-2.2 2.3-1.3-1-2.8-.6-3.2.7-1.5-.5-2.8.3-2.7 1.7-1.2.4-1.7 1.8-1.1 3.2.4 1 1.5 1.6 2.6 1.4 1.2.9 2.7.4 3.1-1 1.5.2 2.5-.8 2.3-2.2 1.3-.5 1.6-1.8.9-2.8.9-.8 1-2.2.3-3.3z',
};

const SVG = 'http://www.w3.org/2000/svg';

type LeafState = keyof typeof LEAF;
const leaves = new Map<LeafState, Element>();

/** A copy of the mark, drawn once: a page of rows needs one for each. */
function leafMark(score: number): Node {
  const state = score >= 0.75 ? 'fresh' : score >= 0.5 ? 'aging' : 'stale';
  const leaf = leaves.get(state) ?? drawLeaf(state);
  leaves.set(state, leaf);
  return leaf.cloneNode(true);
}

function drawLeaf(state: LeafState): Element {
  const svg = document.createElementNS(SVG, 'svg');
  attr(svg, 'viewBox', '0 0 16 16');
  attr(svg, 'class', `xs-leaf xk-leaf-${state}`);
  attr(svg, 'aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  attr(path, 'd', LEAF[state]);
  attr(path, 'fill', 'currentColor');
  svg.append(path);
  if (state === 'aging') {
    // Half of the blade is gone, its outline stays.
    const outline = document.createElementNS(SVG, 'path');
    attr(outline, 'd', LEAF.fresh);
    attr(outline, 'fill', 'none');
    attr(outline, 'stroke', 'currentColor');
    svg.append(outline);
  }
  return svg;
}

/** What a cell element shows already; painting the same again is skipped. */
const painted = new WeakMap<HTMLElement, string>();

/** Fills one cell element. `mark` are classes that depend on selection and column. */
export function paintCell(element: HTMLElement, cell: SheetCell, mark: string, openLabel: string | null): void {
  const signature = `${mark}\u0001${cell.text}\u0001${cell.edge ?? ''}\u0001${cell.leaf === undefined ? '' : Math.round(cell.leaf * 100)}\u0001${cell.state ?? ''}\u0001${cell.placeholder ?? ''}\u0001${
    cell.chips ? cell.chips.map((chip) => `${chip.text}/${chip.color ?? ''}`).join('\u0002') : ''
  }\u0001${openLabel ?? ''}`;
  if (painted.get(element) === signature) return;
  painted.set(element, signature);
  let className = `xs-cell${mark}`;
  if (cell.edge) className += ` xs-edge-${cell.edge}`;
  if (cell.state) className += ` xs-${cell.state}`;
  if (cell.link) className += ' xs-link';
  element.className = className;
  if (cell.leaf !== undefined || openLabel !== null) {
    const parts: (Node | string)[] = [];
    if (cell.leaf !== undefined) {
      parts.push(
        leafMark(cell.leaf),
        make('span', 'xs-score', { 'aria-hidden': 'true' }, `${Math.round(cell.leaf * 100)}%`),
      );
    }
    parts.push(make('span', 'xs-text', {}, cell.text));
    if (openLabel !== null) {
      parts.push(
        make('button', 'xs-open', { type: 'button', tabindex: '-1', 'aria-label': openLabel, title: openLabel }, '›'),
      );
    }
    element.replaceChildren(...parts);
  } else if (cell.chips && cell.chips.length > 0) {
    element.replaceChildren(
      ...cell.chips.map((chip) => make('span', `xs-chip${chip.color ? ` xs-c-${chip.color}` : ''}`, {}, chip.text)),
    );
  } else if (cell.text === '' && cell.placeholder) {
    element.replaceChildren(make('span', 'xs-faint', {}, cell.placeholder));
  } else element.textContent = cell.text;
}

/** Forgets what an element shows, when it is used for another purpose. */
export const forget = (element: HTMLElement): void => void painted.delete(element);
