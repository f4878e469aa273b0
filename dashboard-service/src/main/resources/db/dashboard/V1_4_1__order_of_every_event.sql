-- Events that had no order (0, 0) have one: their time in ms, and for failures the attempts. An older one that is delivered again does not
-- replace a newer one that was stored before.
update fact
set rank1 = floor(extract(epoch from (payload ->> 'time')::timestamptz) * 1000)::bigint,
    rank2 = case when topic = 'processing-failed' then (payload ->> 'attempts')::bigint else 0 end
where topic in ('qc-reviewed', 'gold-standard-set', 'pipeline-requested', 'reprocess-requested', 'configuration-confirmed',
    'processing-failed');
