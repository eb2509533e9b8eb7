import type { Lang } from '../../../../domain/issue.ts';
import { html, Markup } from './html.ts';
import { say } from './page-texts.ts';

/** A page for people outside. `style` and `script`: addresses. `within`: shown inside a page of ours, so its parts are no landmarks of that. */
export function pageFrame(page: {
  lang: Lang;
  title: string;
  firm: string;
  body: Markup;
  style: string;
  script?: string;
  within?: boolean;
}): string {
  const { lang, title, firm, body, style, script, within } = page;
  // Divisions look the same, and are no landmarks.
  const [header, main] = (within ? ['div class="top"', 'div class="main"'] : ['header', 'main']).map(
    (tag) => new Markup(tag),
  );
  const [headerEnd, mainEnd] = (within ? ['div', 'div'] : ['header', 'main']).map((tag) => new Markup(tag));
  const other = lang === 'zh' ? 'en' : 'zh';
  return html`<!doctype html>
<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex, nofollow">
<meta name="format-detection" content="telephone=no">
<title>${title}${firm !== '' && html` · ${firm}`}</title>
<link rel="stylesheet" href="${style}">${
    script !== undefined &&
    html`
<script src="${script}" defer></script>`
  }
</head>
<body>
<${header}><span>${firm}</span><a href="?lang=${other}" hreflang="${other === 'zh' ? 'zh-CN' : 'en'}" lang="${other === 'zh' ? 'zh-CN' : 'en'}">${say('other', lang)}</a></${headerEnd}>
<${main}>${body}</${mainEnd}>
</body>
</html>`.text;
}
