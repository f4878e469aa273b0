-- Work under way in an installation of 2026-11-23, when it is stopped for the upgrade.
insert into ingest.session_state values ('xnat/E1', 'xnat', 'E1', 'P', false, 'r1',
    '{"session": {"server": "xnat", "accession": "E1"}, "sessionRevision": 3}', 'o', now(), now(), now(), now(), 1);
insert into ingest.series_state values ('xnat/E1/1', 'xnat/E1', '1', 2, '{"session": {"server": "xnat", "accession": "E1"}, "scan": "1", "seriesRevision": 2}');
insert into ingest.session_hint values ('xnat/E2', 'xnat', 'E2', 'webhook', 'c', null, false, null, now(), now(), 1, 0, gen_random_uuid(), now());
insert into ingest.outbox_event (event_id, topic, key, headers, payload)
    values ('00000000-0000-0000-0000-000000000001', 'session-discovered', 'xnat/E1', '{}', '{}');
insert into qc.qc_session values ('E1', '{"session": {"server": "xnat", "accession": "E1"}, "sessionRevision": 3}', null, 0, null);
insert into qc.qc_series values ('E1', '1', '{"session": {"server": "xnat", "accession": "E1"}, "seriesRevision": 2}',
    '{"session": {"server": "xnat", "accession": "E1"}, "seriesRevision": 2, "exportRevision": 1}');
insert into qc.qc_begun values ('E1', '1', 'stem', 1);
insert into qc.qc_result (accession, scan, stem, run_key, event)
    values ('E1', '1', 'old', 'k', '{"session": {"server": "xnat", "accession": "E1"}, "study": "ST", "site": "CMH", "tag": "T1", "date": "2026-11-20"}');
insert into pipeline.pipeline_session values ('xnat/E1', 'xnat', 'E1', '');
insert into pipeline.remembered values ('xnat/E1', 'qc-complete', 'xnat/E1/1/stem', '{"scan": "1", "seriesRevision": 2, "finished": "2026-11-20T10:00:00Z"}');
insert into pipeline.job (session, pipeline, run_key, session_name, request_id, headers, request, state, attempt)
    values ('xnat/E1', 'dti:1', 'k', 'ST_CMH_0001_01', 'r', '{}', '{"study": "ST"}', 'RUNNING', 1);
insert into dashboard.fact values ('session-discovered', 'xnat/E1', 'xnat/E1', '', 3, 0, gen_random_uuid(), now(), now(), '{}');
insert into dashboard.fact values ('qc-reviewed', 'xnat/E1/1/stem', 'xnat/E1', '1', 0, 0, gen_random_uuid(), now(), now(),
    '{"time": "2026-11-20T10:00:00Z"}');
insert into dashboard.review values (gen_random_uuid(), 'xnat/E1', '1', 'stem', 'PASS', 'good', 'anna', now());
insert into dashboard.account (username, password, roles) values ('anna', 'digest', 'rater');
insert into dashboard.rebuild (wanted) values (false);
