-- What ingest knows of XNAT's sessions, and what it still has to look at. Ids are the identities that events carry.

create table session_state (
    id              text primary key,
    server          text        not null,
    accession       text        not null,
    project         text        not null,
    deleted         boolean     not null,
    config_revision text        not null,
    told            text        not null, -- the last session-discovered
    outline         text        not null, -- digest of what the session looks like without its file listings
    first_seen      timestamptz not null,
    last_change     timestamptz not null,
    settle_at       timestamptz,          -- null: settled
    settle_cap_at   timestamptz,
    settle_revision bigint      not null
);
create index session_state_settle on session_state (settle_at) where settle_at is not null;

create table series_state (
    id         text primary key,
    session_id text   not null references session_state (id),
    scan       text   not null,
    revision   bigint not null,
    told       text   not null -- the last series-discovered
);
create index series_state_session on series_state (session_id);

create table resource_state (
    id         text primary key,
    session_id text   not null references session_state (id),
    revision   bigint not null,
    told       text   not null -- the last resource-discovered
);
create index resource_state_session on resource_state (session_id);

-- Sessions to look at. A hint that comes while the session is being read raises the generation, so it is read again.
create table session_hint (
    id          text primary key,
    server      text        not null,
    accession   text        not null,
    origin      text        not null,
    correlation text        not null,
    causation   text,
    say_again   boolean     not null,
    scan        text,
    first_hint  timestamptz not null,
    not_before  timestamptz not null,
    generation  bigint      not null,
    attempts    int         not null,
    lease       uuid,
    lease_until timestamptz
);
create index session_hint_due on session_hint (not_before);

create table webhook_delivery (
    id          bigint generated always as identity primary key,
    signature   text        not null unique,
    delivery    text        not null,
    body_digest text        not null,
    received    timestamptz not null,
    shape       text        not null,
    accession   text        not null,
    project     text        not null,
    event       text        not null,
    body        bytea       not null,
    unique (delivery, body_digest)
);
create index webhook_delivery_received on webhook_delivery (received);

-- When a project is listed next, and what its last complete listing held.
create table project_sweep (
    project       text primary key,
    next_at       timestamptz not null,
    lease_until   timestamptz,
    last_complete timestamptz
);

create table listed_session (
    id         text primary key, -- project/server/accession: a shared session is listed more than once
    project    text not null,
    session_id text not null,
    signature  text not null,
    missed     int  not null
);
create index listed_session_project on listed_session (project);
create index listed_session_session on listed_session (session_id);

-- Small facts that outlive a restart: which study configuration was told last, when the last full sweep began.
create table remembered (
    name  text primary key,
    value text not null
);
