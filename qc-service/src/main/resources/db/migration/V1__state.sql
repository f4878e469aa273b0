-- What qc knows of sessions and series: the latest event of each kind, as it was said.
create table qc_session (
    accession      text primary key,
    discovered     text,
    settled        text,
    check_revision bigint not null default 0,
    last_check     text
);

create table qc_series (
    accession text not null,
    scan      text not null,
    tagged    text,
    exported  text,
    primary key (accession, scan)
);

create table qc_result (
    accession text not null,
    scan      text not null,
    stem      text not null,
    run_key   text not null,
    event     text not null,
    primary key (accession, scan, stem)
);

create table qc_resource (
    accession text not null,
    identity  text not null,
    exported  text not null,
    primary key (accession, identity)
);

-- Decisions of people on single images; the words are in the dashboard.
create table qc_review (
    accession text not null,
    stem      text not null,
    decision  text not null,
    review_id text not null,
    time      timestamptz not null,
    primary key (accession, stem)
);

-- Gold standards that people set, beside those of the study files.
create table gold_standard (
    study      text not null,
    site       text not null,
    tag        text not null,
    valid_from date not null,
    event      text not null,
    primary key (study, site, tag, valid_from)
);
