/** Where boxes that float are put: inside the page's main part, so that assistive technology finds them in a landmark (axe: region). */
export const landmark = (): HTMLElement => document.querySelector('main') ?? document.body;
