-- Numbers know the history that they belong to; those of an older definition stay beside those of a newer one.
alter table metric add column version  text    not null default '1';
alter table metric add column scanner  text    not null default '';
alter table metric add column software text    not null default '';
alter table metric add column coil     text    not null default '';
alter table metric add column phantom  boolean not null default false;
alter table metric add column content  text    not null default '';
-- GOOD: fit to say what is usual; DOUBTFUL: flagged; OUT: a rater took the image out.
alter table metric add column standing text    not null default 'GOOD';
alter table metric drop constraint metric_pkey;
alter table metric add primary key (session, scan, stem, key, version);
create index session_by_site on session (study, site);

-- What changed over the years, as qc says it; open until it is withdrawn, over, or a person has seen it.
create table alarm (
    identity text primary key,
    revision bigint      not null,
    session  text        not null,
    scan     text        not null,
    stem     text        not null,
    study    text        not null,
    site     text        not null,
    tag      text        not null,
    name     text        not null,
    phantom  boolean     not null,
    subject  text        not null,
    version  text        not null,
    rule     text        not null,
    severity text        not null,
    state    text        not null,
    since    date        not null,
    noticed  date        not null,
    until    date,
    usual    text        not null,
    now      text        not null,
    message  text        not null,
    action   text        not null,
    said     timestamptz not null,
    open     boolean     not null
);
create index alarm_open on alarm (said desc) where open;
create index alarm_of_session on alarm (session);
create index alarm_of_subject on alarm (study, tag, subject, noticed);

-- What was heard before knows none of this: it is read again from the topics.
update rebuild set wanted = true where exists (select 1 from fact);
