-- Sessions that were heard of. The row is the lock: what is decided of a session is decided by one thread at a time.
create table pipeline_session (
    session      text primary key,
    server       text not null,
    accession    text not null,
    decided_with text not null default ''
);

-- The latest event of each kind about each thing, as it was said.
create table remembered (
    session  text not null references pipeline_session (session),
    topic    text not null,
    identity text not null,
    event    text not null,
    primary key (session, topic, identity)
);

-- What was last decided of a session and a pipeline, so that it is said only when it changes.
create table said (
    session  text not null references pipeline_session (session),
    pipeline text not null,
    what     text not null,
    count    integer not null,
    primary key (session, pipeline)
);

-- Runs: what was asked for, how far it is, who is at it. A run belongs to who holds its lease.
create table job (
    id           bigint generated always as identity primary key,
    session      text        not null references pipeline_session (session),
    pipeline     text        not null,
    run_key      text        not null,
    session_name text        not null,
    request_id   text        not null,
    headers      text        not null,
    request      text        not null,
    state        text        not null check (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED')),
    attempt      integer     not null,
    tries        integer     not null default 0,
    not_before   timestamptz not null default now(),
    owner        text,
    handle       text,
    lease_until  timestamptz,
    result       text,
    unique (session, pipeline, run_key, request_id)
);
create index job_to_do on job (not_before, id) where state in ('QUEUED', 'RUNNING');
