-- What waits, the oldest of each kind first: the inbox looks for what waits too long, also when a million series wait.
create index series_waiting on series (stage, since) where state = 'WORKING' and code <> 'waits-for-parts';
create index series_lacking_parts on series (since) where state = 'WORKING' and code = 'waits-for-parts';
create index session_to_settle on session (first_said) where named and settled is null and status <> 'DELETED';
create index session_to_check on session (settled)
    where named and settled is not null and not checked and status <> 'DELETED';
