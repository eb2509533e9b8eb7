import { setUpWorkspace } from '../server/modules/setup/index.ts';
import { print } from './output.ts';
import { withSession } from './session.ts';

export interface InitOptions {
  name: string;
  email: string;
  password: string;
  company?: string;
  json?: boolean;
}

/** `xianke init`: the first account and its workspace, without the page. */
export function runInit(options: InitOptions): Promise<number> {
  return withSession({ needsWorkspace: false }, async ({ engine, lang }) => {
    const account = await setUpWorkspace(engine, { ...options, lang });
    print(options.json ?? false, { account }, () =>
      lang === 'zh' ? `已创建管理员 ${account.email}。` : `Created the administrator ${account.email}.`,
    );
    return 0;
  });
}
