-- Forms without scans, scans without form, and forms that cannot be assigned, for the inbox.
create index latest_event_open_form on latest_event (identity)
    where topic = 'form-checked' and payload ->> 'state' in ('SCANS_MISSING', 'FORM_MISSING', 'DIFFERENT_DAY', 'UNREADABLE');
