-- What people did and tried: appended to, never changed.
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

create function refuse_change_of_audit_event() returns trigger language plpgsql as $$
begin
    raise exception 'audit_event is append-only';
end $$;
create trigger audit_event_append_only before update or delete or truncate on audit_event
    for each statement execute function refuse_change_of_audit_event();
-- Also in sessions that replay another server's changes.
alter table audit_event enable always trigger audit_event_append_only;
