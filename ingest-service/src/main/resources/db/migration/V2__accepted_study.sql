-- The texts of the studies that hold: the last valid ones that were accepted, whatever the folder of the studies holds now.
create table accepted_study (
    code        text primary key,
    file        text        not null,
    content     text        not null,
    revision    text        not null,
    accepted_at timestamptz not null,
    accepted_by text        not null
);
