-- How far a background job is; the jobs themselves are pg-boss's, in schema jobs.
create table xianke.job_progress (
  job uuid primary key,
  done bigint not null,
  total bigint,
  -- what else the page shows: counts, the step it is at
  note jsonb not null default '{}',
  at timestamptz not null default now()
);

-- Uploaded files; the bytes are in DATA_DIR/files.
create table xianke.file (
  id uuid primary key,
  workspace text,
  name text not null,
  type text not null,
  -- bytes
  size bigint not null,
  sha256 text not null,
  created_by text not null,
  created_at timestamptz not null default now()
);
