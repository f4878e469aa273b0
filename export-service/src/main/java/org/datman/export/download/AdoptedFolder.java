package org.datman.export.download;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.datman.contracts.archive.AdoptedFiles;
import org.datman.contracts.archive.AdoptedFiles.Located;
import org.datman.xnat.Downloaded;
import org.datman.xnat.ImageSource.ZipReader;
import org.datman.xnat.SourceKind;
import org.datman.xnat.XnatFile;

/** A folder on the server of which some files are at hand in an earlier archive. */
final class AdoptedFolder implements RemoteFolder {

    /** In the remark about files that the server does not have. */
    static final String OTHERS = " files of this series in the adopted archive are not so on ";

    private final RemoteFolder remote;
    private final Path archive;
    private final String uid;

    AdoptedFolder(RemoteFolder remote, Path archive, String uid) {
        this.remote = remote;
        this.archive = archive;
        this.uid = uid;
    }

    @Override
    public SourceKind kind() {
        return remote.kind();
    }

    @Override
    public List<XnatFile> list() {
        return remote.list();
    }

    @Override
    public boolean hasZips() {
        return remote.hasZips();
    }

    @Override
    public <T> T zip(ZipReader<T> reader) {
        return remote.zip(reader);
    }

    @Override
    public Downloaded file(String path, Path target) {
        return remote.file(path, target);
    }

    /** Those whose size and MD5 the server lists as they were when the earlier archive was adopted; each is digested again while it is copied. */
    @Override
    public Map<String, VerifiedFile> atHand(Map<XnatFile, Path> targets, List<String> remarks) throws IOException {
        Map<String, Located> byDigest = new HashMap<>();
        try {
            AdoptedFiles.of(archive, uid).forEach(file -> byDigest.put(file.size() + " " + file.md5(), file));
        } catch (IOException unreadable) {
            remarks.add("the list of adopted files cannot be read: " + unreadable.getMessage());
        }
        Set<String> others = new HashSet<>(byDigest.keySet());
        targets.keySet().forEach(file -> key(file).ifPresent(others::remove));
        // A file that is listed without its MD5 may be one of them: nothing says that it differs.
        boolean allKnown = targets.keySet().stream().allMatch(file -> key(file).isPresent());
        if (!others.isEmpty() && allKnown) {
            remarks.add(others.size() + OTHERS + remote.kind().product() + ", whose files are taken");
        }
        Map<Path, Map<XnatFile, Located>> wanted = new TreeMap<>();
        targets.keySet().forEach(file -> find(file, byDigest)
                .ifPresent(located -> wanted.computeIfAbsent(located.container(), container -> new HashMap<>())
                        .put(file, located)));
        Map<String, VerifiedFile> arrived = new HashMap<>();
        for (Map.Entry<Path, Map<XnatFile, Located>> container : wanted.entrySet()) {
            copy(container.getKey(), container.getValue(), targets, arrived, remarks);
        }
        return arrived;
    }

    private static Optional<Located> find(XnatFile file, Map<String, Located> byDigest) {
        return key(file).map(byDigest::get);
    }

    private static Optional<String> key(XnatFile file) {
        return file.size().isEmpty()
                ? Optional.empty()
                : file.findMd5().map(md5 -> file.size().getAsLong() + " " + md5.toLowerCase(Locale.ROOT));
    }

    private void copy(
            Path container,
            Map<XnatFile, Located> files,
            Map<XnatFile, Path> targets,
            Map<String, VerifiedFile> arrived,
            List<String> remarks) {
        int before = arrived.size();
        String name = SeriesDownload.shown(container.getFileName().toString());
        try {
            if (Files.isDirectory(container)) {
                for (Map.Entry<XnatFile, Located> one : files.entrySet()) {
                    try (InputStream in = Files.newInputStream(
                            container.resolve(one.getValue().entry()))) {
                        copy(one.getKey(), in, targets, arrived);
                    }
                }
            } else {
                try (ZipFile zip = new ZipFile(container.toFile())) {
                    for (Map.Entry<XnatFile, Located> one : files.entrySet()) {
                        ZipEntry entry = zip.getEntry(one.getValue().entry());
                        if (entry == null) {
                            throw new NoSuchFileException(one.getValue().entry());
                        }
                        try (InputStream in = zip.getInputStream(entry)) {
                            copy(one.getKey(), in, targets, arrived);
                        }
                    }
                }
            }
        } catch (IOException | IllegalArgumentException gone) {
            // The rest is downloaded: the server has it, too.
            remarks.add("'" + name + "' of the adopted archive cannot be read ("
                    + gone.getClass().getSimpleName() + "); its files were downloaded");
        }
        int taken = arrived.size() - before;
        if (taken > 0) {
            remarks.add(taken + " files were taken from '" + name
                    + "' of the adopted archive instead of " + remote.kind().product()
                    + ", which lists them with the same size and MD5");
        }
        if (taken < files.size()) {
            remarks.add((files.size() - taken) + " files of '" + name + "' have changed since it was adopted");
        }
    }

    private static void copy(
            XnatFile file, InputStream in, Map<XnatFile, Path> targets, Map<String, VerifiedFile> arrived)
            throws IOException {
        Path target = targets.get(file);
        if (target != null) {
            ZipContents.copy(file, in, target).ifPresent(verified -> arrived.put(file.path(), verified));
        }
    }
}
