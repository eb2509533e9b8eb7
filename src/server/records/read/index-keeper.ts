/** Makes indexes on demand for the fields people really sort and filter by. */
export interface IndexKeeper {
  /** Notes that a query sorted or filtered by this column. Cheap; never waits. */
  wanted(workspace: string, object: string, column: string): void;
}
