package org.datman.local.trial;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.datman.contracts.event.ScanDay;
import org.datman.contracts.event.SeriesDiscovered;
import org.datman.contracts.event.SeriesDiscovered.Status;
import org.datman.contracts.event.SeriesDiscoveredBuilder;
import org.datman.contracts.event.SessionRef;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.dicom.DicomReader;
import org.datman.simulator.archive.ArchivedFile;
import org.datman.simulator.archive.Incoming;
import org.datman.simulator.importer.StudyFolderReader;

/**
 * The series of a folder as ingest would publish them if the session came from an XNAT.
 *
 * @param studyUid StudyInstanceUID of most images; empty when there is none
 * @param studies number of different StudyInstanceUIDs
 * @param others files that are no image of a series, each with a description
 */
public record SessionFolder(String studyUid, int studies, List<SeriesDiscovered> series, List<String> others) {

    private static final int HEADERS_TRIED = 4;

    /**
     * Reads the headers of one session.
     *
     * @param session folder or archive of DICOM files
     * @param work where archives are unpacked
     * @param keywords DICOM elements that are read of one file of each series
     * @throws IOException when it cannot be read
     */
    public static SessionFolder read(
            Path session, SessionRef ref, String project, String label, Path work, Set<String> keywords)
            throws IOException {
        StudyFolderReader.Found found = new StudyFolderReader(work).read(List.of(session), project, label, label);
        Incoming study = found.study();
        List<SeriesDiscovered> all = new ArrayList<>();
        for (Map.Entry<String, Incoming.Series> scan : study.byScanId().entrySet()) {
            all.add(series(scan.getKey(), scan.getValue(), ref, study, keywords));
        }
        List<String> others = new ArrayList<>();
        for (Incoming.Other other : study.others()) {
            for (ArchivedFile file : other.files()) {
                String name = file.source().startsWith(session)
                        ? session.relativize(file.source()).toString()
                        : other.label() + "/" + file.path();
                others.add(
                        name + (DicomReader.isDicom(file.source()) ? " (DICOM, but of no series or unreadable)" : ""));
            }
        }
        return new SessionFolder(study.uid(), found.studies(), all, others);
    }

    private static SeriesDiscovered series(
            String scan, Incoming.Series series, SessionRef ref, Incoming study, Set<String> keywords)
            throws IOException {
        Map<String, String> header = header(series.files(), keywords);
        TreeSet<Integer> echoes = new TreeSet<>();
        for (String echo : values(header, "EchoNumbers")) {
            if (echo.matches("\\d{1,9}")) {
                echoes.add(Integer.valueOf(echo));
            }
        }
        // As XNAT lists several echo times of one scan: a parameter each, numbered from 1.
        for (int echo = 1; echo <= series.addParams().size(); echo++) {
            echoes.add(echo);
        }
        return SeriesDiscoveredBuilder.builder()
                .session(ref)
                .seriesRevision(1)
                .status(series.uid().isEmpty() ? Status.NO_DICOM : Status.PRESENT)
                .project(study.project())
                .subjectLabel(study.subject())
                .sessionLabel(study.label())
                .scan(scan)
                .description(series.description())
                .xnatType(series.type())
                .xsiType(series.xsiType())
                .quality("usable")
                .imageType(values(header, "ImageType"))
                .echoNumbers(echoes)
                .header(header)
                .fileCount(series.files().size())
                .byteCount(series.files().stream().mapToLong(ArchivedFile::size).sum())
                .fingerprint("")
                .seriesNumber(Optional.ofNullable(header.get("SeriesNumber"))
                        .filter(number -> number.matches("\\d{1,12}"))
                        .map(Long::valueOf))
                .uid(Optional.of(series.uid()).filter(uid -> !uid.isEmpty()))
                .resource(Optional.of("1"))
                .date(ScanDay.of(study.date()))
                .build();
    }

    private static List<String> values(Map<String, String> header, String keyword) {
        String value = header.get(keyword);
        return value == null ? List.of() : Arrays.asList(value.split("\\\\"));
    }

    /** The header that ingest uses: that of the first file by name or, when it is no image, of the first of the largest that is. */
    private static Map<String, String> header(List<ArchivedFile> files, Set<String> keywords) throws IOException {
        List<ArchivedFile> byPath =
                files.stream().sorted(Comparator.comparing(ArchivedFile::path)).toList();
        Map<String, String> first = header(byPath.get(0), keywords);
        if (isImage(first)) {
            return first;
        }
        List<ArchivedFile> largest = byPath.stream()
                .sorted(Comparator.comparingLong(ArchivedFile::size).reversed())
                .limit(HEADERS_TRIED)
                .toList();
        for (ArchivedFile file : largest) {
            Map<String, String> header = header(file, keywords);
            if (isImage(header)) {
                return header;
            }
        }
        return first;
    }

    private static boolean isImage(Map<String, String> header) {
        return header.containsKey("Rows");
    }

    private static Map<String, String> header(ArchivedFile file, Set<String> keywords) throws IOException {
        try {
            return DicomReader.read(file.source()).texts(keywords);
        } catch (ImageFormatException unreadable) {
            // The series is tagged by XNAT's description and type alone, as ingest does with such a file.
            return Map.of();
        }
    }
}
