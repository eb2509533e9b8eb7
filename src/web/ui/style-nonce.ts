/**
 * Style elements made by our scripts get the nonce of the page, so that the policy needs no 'unsafe-inline': antd and its parts write
 * their styles at run time, some of them without a way to be told a nonce. What is injected as HTML has none and stays without effect.
 */
export function trustOwnStyles(): void {
  const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
  if (!nonce) return;
  const make = document.createElement;
  document.createElement = function (this: Document, name: string, options?: ElementCreationOptions) {
    const element = make.call(this, name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  } as typeof make;
}
