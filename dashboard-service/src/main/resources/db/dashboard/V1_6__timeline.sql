-- The events of a session's timeline.
alter table happening rename to timeline_event;
alter index happening_pkey rename to timeline_event_pkey;
alter index happening_of_session rename to timeline_event_of_session;
alter index happening_of_topic rename to timeline_event_of_topic;
alter index happening_of_cause rename to timeline_event_of_cause;
