-- People name a session by its accession id alone.
create index latest_run_of_accession on latest_run (split_part(session, '/', 2));
