package org.datman.simulator.archive;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A study to be archived: the content of an upload or a folder.
 *
 * @param label session label wanted
 * @param uid StudyInstanceUID, empty when there is no image
 */
public record Incoming(
        String project,
        String subject,
        String label,
        String uid,
        String modality,
        String date,
        String time,
        Map<String, Object> fields,
        List<Series> series,
        List<Other> others) {

    /**
     * One series.
     *
     * @param id scan id wanted: the series number
     * @param resource label of the resource that takes the files: {@code DICOM} or {@code secondary}
     */
    public record Series(
            String id,
            String uid,
            String modality,
            String xsiType,
            String type,
            String description,
            int frames,
            Map<String, Object> fields,
            Map<String, String> addParams,
            String resource,
            List<ArchivedFile> files) {}

    /** Files that are no images of a series; they become a resource of the session. */
    public record Other(String label, List<ArchivedFile> files) {}

    /** The series by the id that each scan gets in a new session: two with one number get two ids. */
    public Map<String, Series> byScanId() {
        Map<String, Series> scans = new LinkedHashMap<>();
        series.forEach(one -> scans.put(Merge.freeId(scans.keySet(), one), one));
        return scans;
    }

    /** The same study with only some of its series and none of its other files. */
    public Incoming only(List<Series> some) {
        return new Incoming(project, subject, label, uid, modality, date, time, fields, some, List.of());
    }

    /** The same study under another project. */
    public Incoming to(String newProject, String newSubject, String newLabel) {
        return new Incoming(newProject, newSubject, newLabel, uid, modality, date, time, fields, series, others);
    }
}
