-- What each pipeline last said of each session, to be counted and listed without reading the numbers in the events.
create table latest_run (
    session    text        not null,
    pipeline   text        not null,
    study      text        not null,
    name       text        not null,
    tool       text        not null,
    run_key    text        not null,
    attempt    integer     not null,
    state      text        not null,
    code       text        not null,
    reason     text        not null,
    action     text        not null,
    log        text        not null, -- path of the tool's last words in the archive, or empty
    log_sha256 text        not null,
    since      timestamptz not null,
    primary key (session, pipeline)
);
create index latest_run_of_study on latest_run (study, pipeline, state);
create index latest_run_failed on latest_run (since desc) where state = 'FAILED';
create index latest_run_of_name on latest_run (name);

insert into latest_run
select distinct on (session, payload ->> 'pipeline') session, payload ->> 'pipeline', payload ->> 'study',
    payload ->> 'sessionName', (payload ->> 'tool') || ' ' || (payload ->> 'toolVersion'), payload ->> 'runKey',
    (payload ->> 'attempt')::integer, payload ->> 'state', coalesce(payload #>> '{reason,code}', ''),
    coalesce(payload #>> '{reason,message}', ''), coalesce(payload #>> '{reason,action}', ''), '', '', published
from latest_event where topic = 'pipeline-updated'
order by session, payload ->> 'pipeline', published desc;
