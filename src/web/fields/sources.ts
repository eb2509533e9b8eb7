import { keepPreviousData, queryOptions, useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../../contract/api.ts';
import type { FieldDef } from '../../domain/schema/types.ts';
import { call } from '../api/client.ts';
import { keys, useAccounts, useCatalog, useSession } from '../api/query.ts';
import { useLang } from '../i18n/core.ts';
import type { FormatEnv } from './format.ts';

export interface Node {
  code: string;
  label: { zh: string; en: string };
  parent: string | null;
  leaf?: boolean | undefined;
  path?: string | undefined;
}

/** A reference tree (industries, divisions), fetched once and kept: it changes with a release only. */
export const treeQuery = (tree: string) =>
  queryOptions({
    queryKey: keys.tree(tree),
    queryFn: async ({ signal }) => {
      const { nodes } = await call(api.catalog.tree, { params: { tree }, query: { all: 'true' }, signal });
      return new Map<string, Node>(nodes.map((node) => [node.code, node]));
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Path of a node from the root. */
export function nodePath(nodes: ReadonlyMap<string, Node>, code: string, lang: 'zh' | 'en'): string | undefined {
  const parts: string[] = [];
  let at: string | null | undefined = code;
  // A damaged tree must not hang the page.
  for (let depth = 0; at && depth < 8; depth++) {
    const node: Node | undefined = nodes.get(at);
    if (!node) break;
    parts.unshift(node.label[lang] || node.label.zh);
    at = node.parent;
  }
  return parts.length > 0 ? parts.join(' / ') : undefined;
}

/** Everything that showing values needs: people, trees of the given fields, the reader's language and zone. */
export function useFormatEnv(fields: readonly FieldDef[], titles?: ReadonlyMap<string, string>): FormatEnv {
  const lang = useLang();
  const { workspace } = useSession();
  const accounts = useAccounts();
  const trees = [...new Set(fields.flatMap((field) => (field.type === 'tree' && field.tree ? [field.tree] : [])))];
  const loaded = useQueries({
    queries: trees.map((tree) => treeQuery(tree)),
    combine: (results) => results.map((result) => result.data),
  });
  const treeKey = loaded.map((tree) => tree?.size ?? 0).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: trees and their data are new arrays at every render; their key tells
  return useMemo(() => {
    const names = new Map(accounts.map((account) => [account.id, account.name]));
    const paths = new Map<string, string>();
    return {
      lang,
      timeZone: workspace.timeZone,
      title: (id) => titles?.get(id) ?? names.get(id) ?? names.get(id.replace(/^user:/, '')),
      node: (tree, code) => {
        const key = `${tree}/${code}`;
        const known = paths.get(key);
        if (known) return known;
        const nodes = loaded[trees.indexOf(tree)];
        const path = nodes && nodePath(nodes, code, lang);
        if (path) paths.set(key, path);
        return path;
      },
    };
  }, [lang, workspace.timeZone, accounts, titles, treeKey, trees.join()]);
}

export interface Option {
  value: string;
  label: string;
  /** Second, quiet line or path. */
  hint?: string;
  color?: string;
  /** Not in the list yet; picking it makes it (tags). */
  fresh?: boolean;
}

const matches = (text: string, query: string): boolean => text.toLowerCase().includes(query);

/** What can be picked for a field, narrowed by what is typed. */
export function useOptions(field: FieldDef, typed: string): { options: Option[]; loading: boolean } {
  const lang = useLang();
  const accounts = useAccounts();
  const catalog = useCatalog();
  const query = typed.trim().toLowerCase();
  const tree = useQuery({ ...treeQuery(field.tree ?? ''), enabled: field.type === 'tree' && field.tree !== undefined });
  const target = field.type === 'relation' ? catalog.objects.find((object) => object.name === field.target) : undefined;
  const related = useQuery({
    queryKey: [...keys.records(target?.name ?? ''), 'pick', query],
    enabled: target !== undefined,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Option[]> => {
      if (!target) return [];
      if (query !== '') {
        const { hits } = await call(api.records.search, {
          query: { q: query, objects: target.name, limit: 20 },
          signal,
        });
        return hits.map((hit) => ({ value: hit.id, label: hit.title, ...(hit.detail && { hint: hit.detail }) }));
      }
      const { rows } = await call(api.records.query, {
        body: { object: target.name, fields: [target.title], page: { limit: 20 }, count: 'none' },
        signal,
      });
      return rows.map((row) => ({ value: row.id, label: String(row.values[target.title] ?? '') }));
    },
  });
  const treeOptions = useMemo(() => {
    if (!tree.data) return [];
    const nodes = tree.data;
    return [...nodes.values()].map((node) => ({
      value: node.code,
      label: node.label[lang] || node.label.zh,
      hint: node.parent ? (nodePath(nodes, node.parent, lang) ?? '') : '',
    }));
  }, [tree.data, lang]);

  switch (field.type) {
    case 'relation':
      return { options: related.data ?? [], loading: related.isPending };
    case 'tree': {
      const found =
        query === ''
          ? treeOptions
          : treeOptions.filter((node) => matches(`${node.hint}${node.label}${node.value}`, query));
      return { options: found.slice(0, 100), loading: tree.isPending };
    }
    case 'user':
      return {
        options: accounts
          .filter((account) => !account.disabled && matches(account.name + account.email, query))
          .map((account) => ({ value: account.id, label: account.name, hint: account.email })),
        loading: false,
      };
    case 'rating': {
      const max = typeof field.max === 'number' ? field.max : 5;
      const stars = Array.from({ length: max }, (_, index) => String(index + 1));
      return { options: stars.map((n) => ({ value: n, label: '★'.repeat(Number(n)) })), loading: false };
    }
    case 'boolean': {
      const words = lang === 'zh' ? ['是', '否'] : ['Yes', 'No'];
      return {
        options: words.map((label, index) => ({ value: index === 0 ? 'true' : 'false', label })),
        loading: false,
      };
    }
    default: {
      const options: Option[] = (field.options ?? [])
        .filter((option) => !option.retired)
        .filter((option) =>
          [option.label.zh, option.label.en, option.value, ...(option.aliases ?? [])].some((word) =>
            matches(word, query),
          ),
        )
        .map((option) => ({
          value: option.value,
          label: option.label[lang],
          ...(option.color && { color: option.color }),
        }));
      const own = typed.trim();
      const open = field.open || field.type === 'tags';
      if (open && own !== '' && !options.some((option) => option.label === own || option.value === own))
        options.push({ value: own, label: own, fresh: true });
      return { options, loading: false };
    }
  }
}
