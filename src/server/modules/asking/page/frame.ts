import type { Lang } from '../../../../domain/issue.ts';
import { html, type Markup } from './html.ts';
import { say } from './page-texts.ts';

/** A page for people outside. `style` and `script`: addresses. */
export function pageFrame(page: {
  lang: Lang;
  title: string;
  firm: string;
  body: Markup;
  style: string;
  script?: string;
}): string {
  const { lang, title, firm, body, style, script } = page;
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
<header><span>${firm}</span><a href="?lang=${other}" hreflang="${other === 'zh' ? 'zh-CN' : 'en'}" lang="${other === 'zh' ? 'zh-CN' : 'en'}">${say('other', lang)}</a></header>
<main>${body}</main>
</body>
</html>`.text;
}
