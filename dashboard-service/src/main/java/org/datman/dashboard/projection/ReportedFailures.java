package org.datman.dashboard.projection;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.datman.contracts.event.ProcessingFailed;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/** The table of failures. A failure is open until the failed work succeeded, or a person dismissed it. */
@ApplicationScoped
public class ReportedFailures implements PanacheRepositoryBase<ReportedFailure, String> {

    /**
     * A failure is closed when a person dismissed it. A failure of a series is also closed when its service later published a
     * result, or failed again at the same stage; any other failure when the same cause, or its retry, was answered later. A
     * changed file is closed once its service published it again, an output once a successful run published it; each
     * file of a scan is a failure of its own, and is closed once no event names it any more or, for a result, its image is no
     * longer exported. A failed measurement is closed once the series is withdrawn. Rules that could not be applied
     * are closed by a later decision: a running pipeline's updates are none; what a BIDS dataset lacks, by an update that it has it. An event that the dashboard could not
     * process, or that Kafka refused from an outbox, is closed once it is in the timeline. An outage of another system, or another trouble
     * of no session, is closed by its end, which its service publishes under its identity. A failure is never closed just
     * because something else succeeded.
     *
     * <p>SQL: all failures of a session in one statement, at every event of it, over jsonb that no entity has.
     */
    private static final String UPDATE_OPEN = """
            with published as (
                select d.cause, d.stage, x.topic, x.last_published, x.payload
                from (select distinct cause, stage from failure
                    where session = :session and code = 'files-changed' and stage like 'download-%') d
                join latest_event x on x.session = :session and x.topic = case d.stage
                    when 'download-image' then 'series-exported'
                    when 'download-resource' then 'resource-exported'
                    when 'download-result' then 'qc-complete'
                    when 'download-output' then 'pipeline-updated' end
                where jsonb_path_exists(x.payload, '$.** ? (@.path == $path)', jsonb_build_object('path', d.cause))
                    and (x.topic <> 'qc-complete' or exists (
                        select 1 from latest_event e where e.session = x.session and e.scan = x.scan
                        and e.topic = 'series-exported' and e.payload -> 'products'
                            @> jsonb_build_array(jsonb_build_object('stem', x.payload ->> 'stem')))))
            update failure f set open = not (
                exists (select 1 from acknowledgement a where a.failure = f.identity and a.time >= f.time)
                or ((f.service = 'dashboard' or f.stage = 'outbox') and exists (
                    select 1 from timeline_event h where h.event_id =
                        case when f.cause ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then f.cause::uuid end))
                or (f.scan <> '' and exists (
                    select 1 from latest_event x where x.session = f.session and x.scan = f.scan and x.last_published > f.time
                    and (f.code <> 'files-changed' or x.payload ->> 'renewal' is null)
                    and x.topic = any (case f.service
                        when 'ingest' then array['series-discovered']
                        when 'tagging' then array['series-tagged']
                        when 'export' then array['series-exported']
                        when 'qc' then array['qc-complete']
                        when 'pipeline' then array['pipeline-updated']
                        else array[]::text[] end)))
                or (f.service = 'qc' and f.scan <> '' and exists (
                    select 1 from latest_event x where x.session = f.session and x.scan = f.scan and x.last_published > f.time
                    and x.topic = 'series-exported' and x.payload ->> 'outcome' = 'WITHDRAWN'))
                or (f.code = 'files-changed' and f.stage not like 'download-%' and exists (
                    select 1 from latest_event x where x.session = f.session and x.last_published > f.time
                    and x.topic = 'resource-exported' and x.payload ->> 'renewal' is null
                    and (x.scan = f.scan and f.scan <> '' or x.payload #>> '{file,path}' = f.cause)))
                or (f.code = 'files-changed' and exists (
                    select 1 from published x where x.cause = f.cause and x.stage = f.stage and x.last_published > f.time
                    and x.payload ->> 'renewal' is null
                    and (x.topic <> 'pipeline-updated' or x.payload ->> 'state' = 'SUCCEEDED')))
                or (f.code = 'files-changed' and f.stage in ('download-image', 'download-resource', 'download-result')
                    and not exists (select 1 from published x where x.cause = f.cause and x.stage = f.stage))
                or (f.scan <> '' and f.stage not like 'download-%' and exists (
                    select 1 from failure n where n.session = f.session and n.scan = f.scan and n.service = f.service
                    and n.stage = f.stage and n.time > f.time))
                or (f.scan = '' and f.service = 'ingest' and exists (
                    select 1 from latest_event x where x.session = f.session and x.last_published > f.time
                    and (x.topic = 'session-discovered' or x.topic = 'session-settled' and f.code <> 'files-not-listed')))
                or (f.service = 'ingest' and f.stage = 'read-session' and exists (
                    select 1 from failure n where n.session = f.session and n.service = 'ingest'
                    and n.stage = 'read-session' and n.code like '%-resumed' and n.time > f.time))
                or (f.scan = '' and f.service = 'qc' and f.stage = 'check' and exists (
                    select 1 from latest_event x where x.session = f.session and x.last_published > f.time
                    and x.topic = 'session-checked'))
                or (f.service = 'pipeline' and f.code = 'rules-not-applied' and exists (
                    select 1 from latest_event x where x.session = f.session and x.last_published > f.time
                    and (x.topic = 'pipeline-requested'
                        or x.topic = 'pipeline-updated' and x.payload ->> 'state' in ('WAITING', 'NOT_APPLICABLE'))))
                or (f.service = 'pipeline' and f.stage = 'datman:bids' and exists (
                    select 1 from latest_event x where x.session = f.session and x.last_published > f.time
                    and x.topic = 'pipeline-updated' and x.payload ->> 'pipeline' = 'datman:bids'
                    and x.payload ->> 'state' = 'SUCCEEDED'))
                or f.code like '%-resumed'
                or exists (
                    select 1 from (
                        select f.cause as id union all
                        select x.event_id::text from latest_event x where x.topic = 'reprocess-requested'
                        and x.session = f.session and x.payload ->> 'causeEventId' = f.event_id::text) request
                    join timeline_event h on h.cause = request.id and h.cause <> ''
                    where h.published > f.time and h.source = '/datman/' || f.service and h.topic <> 'processing-failed')
                or (f.kind = 'TRANSIENT' and exists (
                    select 1 from timeline_event h where h.session = f.session and h.published > f.time
                    and h.source = '/datman/' || f.service
                    and h.topic not in ('processing-failed', 'configuration-read', 'form-checked', 'visit-planned', 'visit-checked'))))
            where f.session = :session
            """;

    /** SQL: read at every event, into records. */
    private static final String OPEN = """
            select identity, session, scan, service, stage, kind, code, message, action, attempts, dead_letter, time
            from failure where open
            """;

    /** Stores a failure unless a later one of the same work is stored, in a transaction that has locked the session. */
    void store(ProcessingFailed event, UUID eventId) {
        ReportedFailure known = findById(event.identity());
        if (known == null) {
            persist(new ReportedFailure(event, eventId));
        } else if (!known.time().isAfter(event.time())) {
            known.update(event, eventId);
        }
        flush();
    }

    /** The work of a failure, open or not. */
    public Optional<FailedWork> findWork(String identity) {
        return findByIdOptional(identity).map(ReportedFailure::work);
    }

    public boolean isOpen(String identity) {
        return count("identity = ?1 and open", identity) > 0;
    }

    /** The work of the open failures of a service with this code and cause. */
    public List<FailedWork> openWork(String service, String code, String cause) {
        return stream("open and service = ?1 and code = ?2 and cause = ?3", service, code, cause)
                .map(ReportedFailure::work)
                .toList();
    }

    /** Updates for each failure of a session whether it is open. */
    static void updateOpen(Handle handle, String session) {
        handle.createUpdate(UPDATE_OPEN).bind("session", session).execute();
    }

    static List<OpenFailure> ofSession(Handle handle, String session) {
        return handle.createQuery(OPEN + " and session = :session order by time desc, identity")
                .bind("session", session)
                .map(ConstructorMapper.of(OpenFailure.class))
                .list();
    }

    /** The open ones of all sessions and of none, newest first. */
    static List<OpenFailure> open(Handle handle, boolean withTransient, int limit) {
        return handle.createQuery(OPEN + " and (:all or kind <> 'TRANSIENT') order by time desc, identity limit :limit")
                .bind("all", withTransient)
                .bind("limit", limit)
                .map(ConstructorMapper.of(OpenFailure.class))
                .list();
    }
}
