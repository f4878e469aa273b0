-- Planned sessions that have not arrived, and faults of visit plans, for the inbox.
create index latest_event_open_visit on latest_event ((payload ->> 'to'))
    where topic = 'visit-checked' and payload ->> 'state' in ('OVERDUE', 'UNREADABLE');
