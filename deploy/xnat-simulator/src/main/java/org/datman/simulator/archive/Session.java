package org.datman.simulator.archive;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An imaging session (XNAT: experiment).
 *
 * @param id accession id: never changes, even when label, subject or project change
 * @param uid StudyInstanceUID
 * @param modality leading modality, decides the xsiType
 * @param date {@code yyyy-MM-dd} or empty
 * @param time {@code HH:mm:ss} or empty
 * @param archiveDir name of the folder in the archive: the label at creation or after a clean rename; the root of zips
 * @param fields further {@code data_fields} (scanner, dcmPatientId …)
 * @param variables custom variables, lower-case name to value
 */
@RecordBuilder
public record Session(
        String id,
        String label,
        String project,
        String subjectId,
        String uid,
        String modality,
        String date,
        String time,
        String archiveDir,
        Map<String, Object> fields,
        Map<String, String> variables,
        List<Share> shares,
        List<Scan> scans,
        List<Resource> resources,
        Instant inserted,
        Instant modified)
        implements SessionBuilder.With {

    public Session {
        fields = new TreeMap<>(fields);
        variables = new TreeMap<>(variables);
        shares = List.copyOf(shares);
        scans = List.copyOf(scans);
        resources = List.copyOf(resources);
    }

    /** {@code xnat:mrSessionData} and its sisters. */
    public String xsiType() {
        return XsiType.session(modality);
    }

    public Session withLabel(String newLabel, String newArchiveDir) {
        return with(session -> session.label(newLabel).archiveDir(newArchiveDir));
    }

    public Session withHome(String newProject, String newSubjectId) {
        return with(session -> session.project(newProject).subjectId(newSubjectId));
    }

    public Session withVariable(String name, String value) {
        TreeMap<String, String> changed = new TreeMap<>(variables);
        changed.put(name, value);
        return withVariables(changed);
    }

    /** The values that a session created without images gets from its first images. */
    public Session withStudy(String newUid, String newModality, String newDate, String newTime, Map<String, Object> f) {
        return with(session -> session.uid(newUid)
                .modality(newModality)
                .date(newDate)
                .time(newTime)
                .fields(f));
    }

    /** The session with one scan changed. */
    public Session withScan(String scanId, UnaryOperator<Scan> change) {
        return withScans(Lists.replace(scans, s -> s.id().equals(scanId), change));
    }

    /** The label this session has in a project, null when it is not visible there. */
    public @Nullable String labelIn(String otherProject) {
        return project.equals(otherProject) ? label : Share.labelIn(shares, otherProject);
    }
}
