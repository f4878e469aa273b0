-- The sessions as they are in the BIDS datasets. Each event raises wanted; the files match the events when written is the same.
create table bids_session (
    session        text primary key references pipeline_session (session),
    wanted         bigint      not null default 1,
    written        bigint      not null default 0,
    not_before     timestamptz not null default now(),
    attempts       integer     not null default 0,
    study          text        not null default '',
    study_revision text        not null default '',
    name           text        not null default '',
    dataset        text        not null default '',
    folder         text        not null default '',
    participant    text        not null default '',
    summary        text        not null default '',
    failure        text        not null default '',
    failures       integer     not null default 0,
    lease_owner    text,
    lease_until    timestamptz
);
-- One folder belongs to one session.
create unique index bids_session_by_folder on bids_session (study, dataset, folder) where folder <> '';
create index bids_session_to_write on bids_session (not_before) where wanted <> written;
create index bids_session_by_lease_owner on bids_session (lease_owner) where lease_owner is not null;

-- Sessions that were known before datasets were written.
insert into bids_session (session) select session from pipeline_session;
