/** Makes an element in one line; the sheet paints its cells itself because a frame must not wait for a framework. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  attributes: Record<string, string> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = className;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Sets an attribute only when it changes; null removes it. */
export function attr(element: Element, name: string, value: string | null): void {
  if (value === null) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Everything that the sheet's parts hang on. */
export interface Frame {
  scroll: HTMLElement;
  space: HTMLElement;
  layer: HTMLElement;
  grid: HTMLElement;
  head: HTMLElement;
  body: HTMLElement;
  input: HTMLTextAreaElement;
  dropLine: HTMLElement;
}

/**
 * The layer sticks to the view and shows what was painted last, so fast scrolling never uncovers unpainted space:
 * the browser moves the scroll bar, we move the rows.
 */
export function makeFrame(host: HTMLElement): Frame {
  const head = make('div', 'xs-head', { role: 'rowgroup' });
  const body = make('div', 'xs-body', { role: 'rowgroup' });
  const grid = make(
    'div',
    'xs-grid',
    { role: 'grid', 'aria-multiselectable': 'true' },
    head,
    make('div', 'xs-clip', { role: 'presentation' }, body),
  );
  const input = make('textarea', 'xs-input', {
    rows: '1',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    'data-xs-input': '',
    'aria-label': '单元格输入 · cell input',
  });
  const dropLine = make('div', 'xs-drop');
  const layer = make('div', 'xs-layer', {}, grid, input, dropLine);
  const space = make('div', 'xs-space', { 'aria-hidden': 'true' });
  const scroll = make('div', 'xs-scroll', {}, layer, space);
  host.append(scroll);
  return { scroll, space, layer, grid, head, body, input, dropLine };
}
