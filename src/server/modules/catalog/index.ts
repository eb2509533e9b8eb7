export { type CatalogDeps, catalogRoutes } from './catalog-routes.ts';
export { openTrees } from './trees.ts';
