-- Second factors, passkeys, devices, links and single sign-on. "twoFactor" and passkey have the names and columns of better-auth 1.7 and
-- @better-auth/passkey 1.7; a test compares them with what the installed versions want.

alter table auth."user" add column "twoFactorEnabled" boolean default false;

create table auth."twoFactor" (
  "id" uuid default gen_random_uuid() not null primary key,
  -- encrypted with the key of the installation, which is not in the database; the codes too
  "secret" text not null,
  "backupCodes" text not null,
  "userId" uuid not null references auth."user" ("id") on delete cascade,
  "verified" boolean default true,
  "failedVerificationCount" integer default 0,
  "lockedUntil" timestamptz
);
create unique index "twoFactor_userId_idx" on auth."twoFactor" ("userId");

create table auth.passkey (
  "id" uuid default gen_random_uuid() not null primary key,
  "name" text,
  "publicKey" text not null,
  "userId" uuid not null references auth."user" ("id") on delete cascade,
  "credentialID" text not null unique,
  "counter" integer not null,
  "deviceType" text not null,
  "backedUp" boolean not null,
  "transports" text,
  "createdAt" timestamptz,
  "aaguid" text,
  -- ours
  last_used_at timestamptz
);
create index "passkey_userId_idx" on auth.passkey ("userId");

-- How a session began (password, totp, recovery, passkey, sso), and when it was last seen, to five minutes.
alter table auth."session" add column way text, add column seen_at timestamptz;

-- Whom single sign-on brings in is found by the provider's subject.
create unique index account_subject on auth.account ("providerId", "accountId");

-- Codes of the last minutes: each opens once (RFC 6238 §5.2). Only a hash.
create table auth.used_code (
  account uuid not null references auth."user" on delete cascade,
  hash bytea not null,
  at timestamptz not null default now(),
  primary key (account, hash)
);

-- Links that are used once: to join, or to choose a new password. Only the SHA-256 of the token is kept.
create table auth.link (
  id uuid primary key,
  hash bytea not null unique,
  account uuid not null references auth."user" on delete cascade,
  kind text not null check (kind in ('invite', 'reset')),
  created_at timestamptz not null default now(),
  created_by text not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index on auth.link (account);

-- Windows differ by what is counted.
alter table auth.attempt add column seconds int not null default 900;

-- What administrators decide about sign-in: `two-factor` and `sso`. The secret is sealed with the key of the installation.
create table auth.setting (
  name text primary key,
  value jsonb not null,
  secret bytea,
  updated_at timestamptz not null default now(),
  updated_by text not null
);
