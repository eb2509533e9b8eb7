export function judge(output: string): { state: 'clean' | 'found' | 'unknown'; lines: string[] };
