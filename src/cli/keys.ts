import { AppError } from '../contract/errors.ts';
import type { Lang } from '../domain/issue.ts';
import { readEncryption } from '../server/modules/encryption/index.ts';
import { advanceRotation, beginRotation, forgetMaster, lastRotation } from '../server/records/sealed/rotate.ts';
import { print } from './output.ts';
import { type Session, WORKSPACE, withSession } from './session.ts';

interface Common {
  json?: boolean;
}

const rotating = ({ engine }: Session) => ({ db: engine.db, masters: engine.sealing.masters });

/** `xianke keys status`. */
export function runKeysStatus(options: Common): Promise<number> {
  return withSession({}, (session) => tell(session, options));
}

/** `xianke keys rotate`: begins a rotation, or goes on with one that was cut short, and stays until it is over. A running server helps along. */
export function runKeysRotate(options: Common): Promise<number> {
  return withSession({}, async (session) => {
    const running = await lastRotation(session.engine.db);
    if (!running || running.finished_at) {
      const { actor, at } = await session.ctx();
      const { master } = await beginRotation(rotating(session), actor, at);
      await note(session, { call: 'xianke keys rotate', master });
    }
    const stop = new AbortController();
    const onSignal = () => stop.abort();
    process.once('SIGINT', onSignal);
    process.once('SIGTERM', onSignal);
    const shown = setInterval(() => void say(session, options), 2_000);
    try {
      await advanceRotation(rotating(session), stop.signal);
    } finally {
      clearInterval(shown);
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    }
    return tell(session, options);
  });
}

/** `xianke keys forget ID`. */
export function runKeysForget(id: string, options: Common): Promise<number> {
  return withSession({}, async (session) => {
    if (!/^[0-9a-f]{12}$/.test(id)) throw new AppError('master-key-unknown', { id });
    await forgetMaster(rotating(session), id);
    await note(session, { call: 'xianke keys forget', master: id });
    return tell(session, options);
  });
}

async function note({ engine, ctx }: Session, body: { call: string; master: string }): Promise<void> {
  const { at, actor, source } = await ctx();
  await engine.audit.append(WORKSPACE, { at, actor, source, kind: 'admin', body });
}

async function say({ engine, lang }: Session, options: Common): Promise<void> {
  if (options.json) return;
  const rotation = await lastRotation(engine.db);
  if (rotation && !rotation.finished_at)
    process.stderr.write(
      lang === 'zh' ? `已轮换 ${rotation.done} / ${rotation.total}\n` : `${rotation.done} of ${rotation.total} done\n`,
    );
}

async function tell({ engine, lang }: Session, options: Common): Promise<number> {
  const state = await readEncryption(engine, WORKSPACE);
  print(options.json ?? false, state, () => lines(state, lang).join('\n'));
  return state.missing.length > 0 ? 1 : 0;
}

const WORDS = {
  zh: { current: '在用', leaving: '正在替换', left: '已不需要', gone: '不在这台服务器上' },
  en: { current: 'in use', leaving: 'being replaced', left: 'no longer needed', gone: 'not on this server' },
} as const;

function lines(state: Awaited<ReturnType<typeof readEncryption>>, lang: Lang): string[] {
  const words = WORDS[lang];
  const zh = lang === 'zh';
  if (state.masters.length === 0) return [zh ? '还没有加密的字段。' : 'Nothing is encrypted yet.'];
  const { rotation } = state;
  return [
    ...state.masters.map(
      ({ id, since, state: at, here }) => `${id}  ${since.slice(0, 10)}  ${words[at]}${here ? '' : `  ${words.gone}`}`,
    ),
    zh ? `数据密钥 ${state.keys} 把` : `${state.keys} data keys`,
    ...state.fields.map(({ object, field, values }) =>
      zh ? `${object}.${field}：${values} 个值` : `${object}.${field}: ${values} values`,
    ),
    ...(rotation
      ? [
          rotation.finishedAt
            ? zh
              ? `上次轮换完成于 ${rotation.finishedAt}`
              : `Last rotation finished ${rotation.finishedAt}`
            : zh
              ? `轮换进行中：${rotation.done} / ${rotation.total}`
              : `Rotation under way: ${rotation.done} of ${rotation.total}`,
        ]
      : []),
  ];
}
