-- Completed forms as REDCap last had them, without what staff wrote into them; and records of which REDCap sent a trigger.
create table redcap_form (
    study      text        not null,
    record_id  text        not null,
    event_name text        not null, -- empty in a project without events
    session    text        not null, -- empty when the form cannot be assigned
    scan_day   date,
    fault      text        not null, -- empty when it can
    recorded   timestamptz not null,
    primary key (study, record_id, event_name)
);

create table redcap_trigger (
    study     text        not null,
    record_id text        not null,
    received  timestamptz not null,
    primary key (study, record_id)
);

-- Forms are compared with the sessions of a study, by name.
create index latest_event_session_name on latest_event ((payload ->> 'name') collate "C") where topic = 'session-discovered';
