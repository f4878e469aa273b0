-- The newest that was said about each thing, as it was said. Everything below it follows from this table.
create table fact (
    topic     text        not null,
    identity  text        not null,
    session   text        not null,
    scan      text        not null,
    rank1     bigint      not null,
    rank2     bigint      not null,
    event_id  uuid        not null,
    said      timestamptz not null,
    last_said timestamptz not null,
    payload   jsonb       not null,
    primary key (topic, identity)
);
create index fact_of_session on fact (session, scan);

-- Every event that was ever heard, in a sentence: the timeline.
create table happening (
    event_id uuid primary key,
    topic    text        not null,
    session  text        not null,
    scan     text        not null,
    said     timestamptz not null,
    source   text        not null,
    cause    text        not null,
    sentence text        not null
);
create index happening_of_session on happening (session, said desc);
create index happening_of_topic on happening (topic, said desc);
create index happening_of_cause on happening (cause) where cause <> '';

-- One row per session, for lists.
create table session (
    session         text primary key,
    server          text        not null,
    accession       text        not null,
    study           text        not null,
    site            text        not null,
    name            text        not null,
    label           text        not null,
    previous_label  text        not null,
    project         text        not null,
    subject_label   text        not null,
    phantom         boolean     not null,
    scan_day        date        not null,
    status          text        not null,
    named           boolean     not null,
    name_problem    text        not null,
    name_action     text        not null,
    state           text        not null,
    settled         timestamptz,
    checked         boolean     not null,
    complete        boolean     not null,
    missing         int         not null,
    series          int         not null,
    working         int         not null,
    attention       int         not null,
    failed          int         not null,
    unreviewed      int         not null,
    verdict         text        not null,
    review          text        not null,
    first_said      timestamptz not null,
    last_said       timestamptz not null,
    verdict_seconds double precision,
    search          text        not null
);
create index session_by_change on session (study, last_said desc, session);
create index session_by_name on session (study, name, session);
create index session_by_day on session (study, scan_day desc, session);
create index session_by_state on session (study, state, session);
create index session_of_inbox on session (state, last_said desc) where state <> 'DONE' and state <> 'WORKING';

-- One row per series: where it is, since when, and why it is not further.
create table series (
    session         text        not null,
    scan            text        not null,
    series_number   int,
    description     text        not null,
    tag             text        not null,
    study           text        not null,
    site            text        not null,
    name            text        not null,
    phantom         boolean     not null,
    stage           text        not null,
    state           text        not null,
    code            text        not null,
    reason          text        not null,
    action          text        not null,
    since           timestamptz not null,
    verdict         text        not null,
    review          text        not null,
    discovered      timestamptz,
    measured        timestamptz,
    verdict_seconds double precision,
    primary key (session, scan)
);
create index series_of_inbox on series (state, since) where state in ('ATTENTION', 'FAILED');
create index series_in_work on series (since) where state = 'WORKING';
create index series_measured on series (measured desc) where measured is not null;

-- Every number that was measured on the image as it is now.
create table metric (
    session text             not null,
    scan    text             not null,
    stem    text             not null,
    key     text             not null,
    value   double precision not null,
    unit    text             not null,
    study   text             not null,
    site    text             not null,
    tag     text             not null,
    name    text             not null,
    day     date             not null,
    primary key (session, scan, stem, key)
);
create index metric_over_time on metric (study, tag, key, day);

create table failure (
    identity     text primary key,
    event_id     uuid        not null,
    cause        text        not null,
    session      text        not null,
    scan         text        not null,
    service      text        not null,
    stage        text        not null,
    kind         text        not null,
    code         text        not null,
    message      text        not null,
    action       text        not null,
    attempts     int         not null,
    dead_letter  text        not null,
    time         timestamptz not null,
    open         boolean     not null
);
create index failure_of_session on failure (session);
create index failure_open on failure (time desc) where open;

-- From here on: what people wrote. It is in no topic and survives a rebuild.
create table review (
    id       uuid primary key,
    session  text        not null,
    scan     text        not null,
    stem     text        not null,
    decision text        not null,
    comment  text        not null,
    reviewer text        not null,
    time     timestamptz not null
);
create index review_of_session on review (session, time desc);

create table acknowledgement (
    failure text primary key,
    by      text        not null,
    note    text        not null,
    time    timestamptz not null
);

create table account (
    id       bigint generated always as identity primary key,
    username text not null unique,
    password text not null,
    roles    text not null
);

-- Set while the read model is being read again from the topics, so that a crash in between is made good.
create table rebuild (
    one     boolean primary key default true check (one),
    wanted  boolean not null,
    started timestamptz,
    ended   timestamptz,
    events  bigint not null default 0
);
insert into rebuild (wanted) values (false);
