-- When the session settled last: with it, the fact can be said again as it was.
alter table session_state add column settled_at timestamptz;
