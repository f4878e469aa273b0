-- What people did and tried: appended to, never changed: afterMigrate.sql.
create table audit_event (
    id      bigint generated always as identity primary key,
    time    timestamptz not null,
    actor   text        not null, -- name of the account; empty when there is none of that name
    address text        not null, -- of the browser or program; empty where nobody connected
    action  text        not null,
    study   text        not null, -- empty: of no study
    subject text        not null, -- what it was done to
    detail  text        not null
);
create index audit_event_of_actor on audit_event (actor, id);
create index audit_event_of_action on audit_event (action, id);
