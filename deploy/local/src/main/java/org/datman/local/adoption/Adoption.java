package org.datman.local.adoption;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.codec.digest.DigestUtils;
import org.datman.contracts.archive.AdoptedFiles;
import org.datman.contracts.archive.AdoptedFiles.Located;
import org.datman.imaging.ImageFormatException;
import org.datman.imaging.dicom.DicomReader;
import org.jspecify.annotations.Nullable;

/** Lists the DICOM files of an earlier archive by series. Reads every file once; changes nothing of the old archive. */
public final class Adoption {

    private static final String SERIES_UID = "SeriesInstanceUID";
    private static final String ZIP = ".zip";

    private final Path archive;
    private final Consumer<String> problems;
    private final Totals totals = new Totals();

    private Adoption(Path archive, Consumer<String> problems) {
        this.archive = archive;
        this.problems = problems;
    }

    /** What was listed. */
    public record Result(int containers, long dicom, long series, long others) {}

    private static final class Totals {
        private int containers;
        private long dicom;
        private long series;
        private long others;
    }

    /**
     * Lists what a folder holds: the files in zips, and those that lie in folders.
     *
     * @param archive today's archive, which takes the lists
     * @param problems receives what could not be read, a line each
     * @throws IOException when the folder cannot be read or the archive cannot be written
     */
    public static Result run(Path old, Path archive, Consumer<String> problems) throws IOException {
        Adoption adoption = new Adoption(archive, problems);
        adoption.walk(old.toRealPath());
        Totals totals = adoption.totals;
        return new Result(totals.containers, totals.dicom, totals.series, totals.others);
    }

    private void walk(Path old) throws IOException {
        Files.walkFileTree(old, new SimpleFileVisitor<>() {
            /** Of the folder that is read now: folders may hold very many sessions. */
            private Map<String, List<Located>> loose = new TreeMap<>();

            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (folder.equals(archive.toRealPath())) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                flush(folder.getParent() == null ? folder : folder.getParent());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isSymbolicLink()) {
                    link(old, file);
                }
                if (!attributes.isRegularFile()) {
                    return FileVisitResult.CONTINUE;
                }
                if (file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(ZIP)) {
                    zip(file);
                    return FileVisitResult.CONTINUE;
                }
                Path folder = Objects.requireNonNull(file.getParent());
                try {
                    locate(folder, file.getFileName().toString(), attributes.size(), () -> Files.newInputStream(file))
                            .ifPresent(found -> loose.computeIfAbsent(found.uid(), uid -> new ArrayList<>())
                                    .add(found.file()));
                } catch (IOException unreadable) {
                    problems.accept(file + " cannot be read: " + unreadable.getMessage());
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
                problems.accept(file + " cannot be read: " + failure.getMessage());
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                flush(folder);
                return FileVisitResult.CONTINUE;
            }

            private void flush(Path folder) throws IOException {
                store(folder, loose);
                loose = new TreeMap<>();
            }
        });
    }

    /** The first DATMAN names its zips by links ({@code data/dicom}). What a link leads to is listed where it lies, if it lies in this folder. */
    private void link(Path old, Path link) {
        try {
            Path target = link.toRealPath();
            if (!target.startsWith(old)) {
                problems.accept(
                        link + " is a link to " + target + ", outside of this folder; adopt the folder of that, too");
            }
        } catch (IOException nowhere) {
            problems.accept(link + " is a link that leads nowhere");
        }
    }

    private void zip(Path file) throws IOException {
        Map<String, List<Located>> found = new TreeMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                if (!entry.isDirectory()) {
                    try {
                        locate(file, entry.getName(), entry.getSize(), () -> zip.getInputStream(entry))
                                .ifPresent(one -> found.computeIfAbsent(one.uid(), uid -> new ArrayList<>())
                                        .add(one.file()));
                    } catch (IOException broken) {
                        problems.accept("An entry of " + file + " cannot be read: " + broken.getMessage());
                    }
                }
            }
        } catch (IOException | IllegalArgumentException unreadable) {
            problems.accept(file + " is no readable zip: " + unreadable.getMessage());
        }
        store(file, found);
    }

    private record Found(String uid, Located file) {}

    /** Opens the content of a file; twice, because the header is read apart from the digest. */
    @FunctionalInterface
    private interface Content {
        InputStream open() throws IOException;
    }

    /** Empty when it is no DICOM file of a series. */
    private Optional<Found> locate(Path container, String entry, long size, Content content) throws IOException {
        Optional<String> uid;
        try (InputStream in = content.open()) {
            uid = DicomReader.read(in).string(SERIES_UID).map(String::strip).filter(text -> !text.isEmpty());
        } catch (ImageFormatException noDicom) {
            uid = Optional.empty();
        }
        if (uid.isEmpty()) {
            totals.others++;
            return Optional.empty();
        }
        totals.dicom++;
        try (InputStream in = content.open()) {
            return Optional.of(new Found(uid.get(), new Located(container, entry, DigestUtils.md5Hex(in), size)));
        }
    }

    private void store(Path container, Map<String, List<Located>> bySeries) throws IOException {
        if (!bySeries.isEmpty()) {
            totals.containers++;
            totals.series += bySeries.size();
        }
        for (Map.Entry<String, List<Located>> series : bySeries.entrySet()) {
            AdoptedFiles.write(archive, series.getKey(), container, series.getValue());
        }
    }
}
