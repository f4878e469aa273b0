package org.datman.local.proposal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.dicom.DicomReader;
import org.datman.xnat.XnatClient;
import org.datman.xnat.XnatException;
import org.datman.xnat.XnatFile;
import org.datman.xnat.XnatListed;
import org.datman.xnat.XnatResource;

/** One file of each series of the newest sessions of an XNAT project: enough to see what kinds of series a study has. */
public final class XnatSample {

    private static final Comparator<XnatListed> NEWEST_FIRST = Comparator.comparing(
                    (XnatListed session) -> session.findDate().orElse(LocalDate.MIN))
            .thenComparing(XnatListed::accession)
            .reversed();

    private final XnatClient xnat;
    private final Consumer<String> problems;

    /** @param problems receives what could not be read, a line each */
    public XnatSample(XnatClient xnat, Consumer<String> problems) {
        this.xnat = xnat;
        this.problems = problems;
    }

    /** A session's files. */
    public record Sampled(String label, Path folder) {}

    /**
     * Downloads to a folder per session.
     *
     * @param limit most sessions
     * @param target an empty folder
     * @throws XnatException when the project cannot be listed; a session or series that cannot be read is a problem
     */
    public List<Sampled> download(String project, int limit, Path target) throws IOException {
        List<XnatListed> sessions = xnat.experimentsOf(project).stream()
                .sorted(NEWEST_FIRST)
                .limit(limit)
                .toList();
        List<Sampled> sampled = new ArrayList<>();
        for (XnatListed session : sessions) {
            // Labels and scan ids are no safe names of folders.
            Path folder = Files.createDirectory(target.resolve("session-" + sampled.size()));
            try {
                int series = 0;
                for (XnatResource resource : xnat.resources(session.accession())) {
                    if (resource.isDicom() && resource.scan().isPresent()) {
                        Path file = folder.resolve("series-" + series++ + ".dcm");
                        sample(resource, file, session.label());
                    }
                }
            } catch (XnatException unreadable) {
                problems.accept(session.label() + " cannot be read: " + unreadable.getMessage());
            }
            sampled.add(new Sampled(session.label(), folder));
        }
        return sampled;
    }

    /** The first file by name, or the largest when that is no image: as ingest reads a header. */
    private void sample(XnatResource resource, Path target, String session) throws IOException {
        try {
            List<XnatFile> files = xnat.files(resource.ref());
            Optional<XnatFile> first = files.stream().min(Comparator.comparing(XnatFile::path));
            if (first.isEmpty()) {
                problems.accept(session + ": a series has no files; left out");
                return;
            }
            xnat.downloadFile(resource.ref(), first.get().path(), target);
            if (!isImage(target)) {
                XnatFile largest = files.stream()
                        .max(Comparator.comparingLong(file -> file.size().orElse(0)))
                        .orElseThrow();
                xnat.downloadFile(resource.ref(), largest.path(), target);
            }
        } catch (XnatException unreadable) {
            Files.deleteIfExists(target);
            problems.accept(session + ": a series cannot be read: " + unreadable.getMessage());
        }
    }

    private static boolean isImage(Path file) throws IOException {
        try {
            return DicomReader.read(file).texts(Set.of("Rows")).containsKey("Rows");
        } catch (ImageFormatException noDicom) {
            return false;
        }
    }
}
