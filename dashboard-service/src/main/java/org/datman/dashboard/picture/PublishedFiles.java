package org.datman.dashboard.picture;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.datman.contracts.event.EventType;
import org.datman.contracts.event.PipelineUpdated;
import org.datman.contracts.event.QcComplete;
import org.datman.contracts.event.ReprocessRequested.Stage;
import org.datman.contracts.event.ResourceExported;
import org.datman.contracts.event.SeriesExported;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/** The digests that events name for the path of a file. */
@ApplicationScoped
public class PublishedFiles {

    /** The stage in failures of files that could not be sent, by the topic that names the file. */
    private static final Map<String, String> STAGES = Map.of(
            EventType.of(SeriesExported.class).topic(), "download-image",
            EventType.of(ResourceExported.class).topic(), "download-resource",
            EventType.of(QcComplete.class).topic(), "download-result",
            EventType.of(PipelineUpdated.class).topic(), "download-output");

    /** The stage that creates such a file again. */
    private static final Map<String, Stage> MADE_BY = Map.of(
            "download-image", Stage.EXPORT,
            "download-resource", Stage.EXPORT,
            "download-result", Stage.QC,
            "download-output", Stage.PIPELINE);

    /**
     * The session's name is a part of each path, so that only its events are searched. A measurement counts while its image is
     * exported: after that its files are withdrawn, and no event reports it.
     */
    private static final String BY_PATH = """
            select distinct f.session, f.scan, f.topic, r ->> 'sha256' as sha256
            from session s join latest_event f on f.session = s.session
            cross join lateral jsonb_path_query(f.payload, '$.** ? (@.path == $path)',
                jsonb_build_object('path', cast(:path as text))) r
            where s.study = :study and s.name = any(:names) and s.name <> ''
                and f.topic in ('series-exported', 'resource-exported', 'qc-complete', 'pipeline-updated')
                and r ->> 'sha256' is not null
                and (f.topic <> 'qc-complete' or exists (
                    select 1 from latest_event e where e.session = f.session and e.scan = f.scan and e.topic = 'series-exported'
                    and e.payload -> 'products' @> jsonb_build_array(jsonb_build_object('stem', f.payload ->> 'stem'))))
            order by f.topic, f.session, f.scan
            """;

    // SQL, for reading only: a search by path in the jsonb of events.
    private final Jdbi jdbi;

    PublishedFiles(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /**
     * A file as an event names it.
     *
     * @param session {@code server/accession}
     * @param scan empty when it belongs to no single series
     * @param topic of the event
     * @param sha256 lower-case hex
     */
    public record Published(String session, String scan, String topic, String sha256) {

        /** The stage in a failure of this file. */
        String stage() {
            return Objects.requireNonNull(STAGES.get(topic), topic);
        }
    }

    /** The newest events that name a path; empty for files that no event names. The provenance of a series is named. */
    public List<Published> of(String path) {
        String[] parts = path.split("/");
        if (parts.length < 3) {
            return List.of();
        }
        return jdbi.withHandle(handle -> handle.createQuery(BY_PATH)
                .bind("path", path)
                .bind("study", parts[0])
                .bindArray(
                        "names",
                        String.class,
                        Arrays.asList(parts).subList(1, parts.length - 1).toArray())
                .map(ConstructorMapper.of(Published.class))
                .list());
    }

    /** The stage that creates a file again that could not be sent; empty for any other failure. */
    public static Optional<Stage> madeBy(String failedStage) {
        return Optional.ofNullable(MADE_BY.get(failedStage));
    }
}
