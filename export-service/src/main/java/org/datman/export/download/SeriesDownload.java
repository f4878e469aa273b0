package org.datman.export.download;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.datman.contracts.event.Reason;
import org.datman.xnat.Downloaded;
import org.datman.xnat.FileListing;
import org.datman.xnat.SourceKind;
import org.datman.xnat.XnatFile;
import org.datman.xnat.XnatGone;
import org.datman.xnat.XnatOutage;
import org.datman.xnat.XnatProtocol;

/**
 * Downloads a resource completely: list, download as zip, compare with the listing, fetch missing or wrong files singly,
 * list again. A 200 and a well-formed zip prove nothing: XNAT omits files that it cannot read.
 */
public final class SeriesDownload {

    /** Maximum size of a single file for which XNAT lists no size, bytes. */
    static final long LARGEST_FILE = 64L << 30;

    /** Maximum number of files of one resource; far above any series, so that a hostile listing cannot fill the memory. */
    static final int MOST_FILES = 500_000;

    private static final int ROUNDS = 3;
    private static final int ZIP_ATTEMPTS = 2;
    private static final int SINGLE_ATTEMPTS = 2;
    private static final int NAMED_IN_MESSAGE = 3;

    private SeriesDownload() {}

    /**
     * The files of a scan on XNAT.
     *
     * @param scan its id; the paths of its files are below it when several scans are downloaded
     */
    public record ScanFolder(String scan, RemoteFolder folder) {}

    /**
     * Downloads all files of one scan, or of the scans that form one image.
     *
     * @param workDir an empty folder; with several scans each has a folder of its own there, because each numbers its files from 1
     * @throws DownloadException when the files do not match XNAT's listing, or XNAT does not deliver them
     * @throws SourceOutage when XNAT cannot be reached, or the files change faster than they can be read
     * @throws org.datman.xnat.XnatDenied when XNAT denies them to this account
     */
    public static VerifiedDownload fetch(List<ScanFolder> scans, Path workDir) throws IOException, DownloadException {
        Files.createDirectories(workDir);
        if (scans.size() == 1) {
            return fetchScan(scans.get(0).folder(), workDir);
        }
        List<VerifiedDownload> downloads = new ArrayList<>();
        for (ScanFolder scan : scans) {
            Path own = Files.createDirectory(workDir.resolve("part-" + (downloads.size() + 1)));
            downloads.add(fetchScan(scan.folder(), own).below(scan.scan()));
        }
        return VerifiedDownload.together(downloads);
    }

    private static VerifiedDownload fetchScan(RemoteFolder folder, Path workDir) throws IOException, DownloadException {
        try {
            return fetch(folder, workDir);
        } catch (XnatOutage e) {
            throw new SourceOutage(
                    "The series cannot be read from " + folder.kind().product() + " now: " + e.getMessage(), e);
        } catch (XnatGone e) {
            throw new DownloadException(gone(folder));
        } catch (XnatProtocol e) {
            throw new DownloadException(new Reason(
                    "xnat-refuses",
                    folder.kind().product() + " does not deliver the series: " + e.getMessage(),
                    "Check the scan on " + folder.kind().product() + ", then press 'Reconvert'"));
        }
    }

    /**
     * Downloads all files of a folder.
     *
     * @param workDir an empty folder; the files are stored there as {@code 000001.dcm} … in the order of their paths
     * @throws DownloadException when the files do not match XNAT's listing
     * @throws SourceOutage when they change faster than they can be read
     */
    static VerifiedDownload fetch(RemoteFolder folder, Path workDir) throws IOException, DownloadException {
        List<String> remarks = new ArrayList<>();
        for (int round = 1; round <= ROUNDS; round++) {
            List<XnatFile> listing = distinct(folder, remarks);
            List<VerifiedFile> files = fetchListed(folder, listing, workDir, remarks);
            if (content(list(folder)).equals(content(listing))) {
                return new VerifiedDownload(files, FileListing.fingerprint(listing), List.copyOf(remarks));
            }
            remarks.add("the files on " + folder.kind().product() + " changed while they were read; read again");
            for (VerifiedFile file : files) {
                Files.deleteIfExists(file.local());
            }
        }
        throw new SourceOutage("The files on " + folder.kind().product() + " changed during each of " + ROUNDS
                + " downloads; waiting for calm");
    }

    private static List<XnatFile> list(RemoteFolder folder) throws DownloadException {
        try {
            return folder.list();
        } catch (XnatGone gone) {
            throw new DownloadException(gone(folder));
        }
    }

    /** The reason why there is nothing to download. */
    private static Reason gone(RemoteFolder folder) {
        return new Reason(
                "source-gone",
                folder.kind().product() + " no longer has the files of this series",
                "Nothing, if it was removed on purpose: the removal follows by itself. Else look on "
                        + folder.kind().product() + " what became of it");
    }

    /** One entry per path, in the order of paths. */
    private static List<XnatFile> distinct(RemoteFolder folder, List<String> remarks) throws DownloadException {
        List<XnatFile> listing = list(folder);
        String server = folder.kind().product();
        if (listing.isEmpty()) {
            throw new DownloadException(gone(folder));
        }
        if (listing.size() > MOST_FILES) {
            throw new DownloadException(new Reason(
                    "too-many-files",
                    server + " lists " + listing.size() + " files; more than " + MOST_FILES
                            + " are not accepted for one series",
                    "Check the scan on " + server));
        }
        Map<String, XnatFile> byPath = new TreeMap<>();
        for (XnatFile file : listing) {
            XnatFile other = byPath.putIfAbsent(file.path(), file);
            if (other != null && !other.equals(file)) {
                throw new DownloadException(new Reason(
                        "listing-contradicts-itself",
                        server + " lists '" + shown(file.path()) + "' twice with different size or digest",
                        folder.kind().mendListing() + ", then press 'Reconvert'"));
            }
        }
        if (byPath.size() < listing.size()) {
            remarks.add(listing.size() - byPath.size() + " files are listed twice on " + server);
        }
        return List.copyOf(byPath.values());
    }

    private static Map<String, XnatFile> content(List<XnatFile> listing) {
        Map<String, XnatFile> byPath = new HashMap<>();
        listing.forEach(file -> byPath.put(file.path(), file));
        return byPath;
    }

    private static List<VerifiedFile> fetchListed(
            RemoteFolder folder, List<XnatFile> listing, Path workDir, List<String> remarks)
            throws IOException, DownloadException {
        Map<XnatFile, Path> targets = new LinkedHashMap<>();
        for (XnatFile file : listing) {
            targets.put(file, workDir.resolve(String.format(Locale.ROOT, "%06d.dcm", targets.size() + 1)));
        }
        Map<String, VerifiedFile> arrived = new HashMap<>(folder.atHand(targets, remarks));
        // XNAT makes a zip of the whole folder: of few files each costs less by itself.
        boolean zip = folder.hasZips() && listing.size() > 1 && arrived.size() * 2 < listing.size();
        for (int attempt = 1; attempt <= ZIP_ATTEMPTS && zip; attempt++) {
            if (fetchZip(folder, targets, arrived, remarks) || arrived.size() == listing.size()) {
                break;
            }
        }
        Map<XnatFile, Path> missing = new LinkedHashMap<>(targets);
        missing.keySet().removeIf(file -> arrived.containsKey(file.path()));
        if (zip && !missing.isEmpty() && !arrived.isEmpty()) {
            remarks.add(missing.size() + " files were missing or wrong in the zip and were fetched singly");
        }
        List<String> problems = new ArrayList<>();
        for (Map.Entry<XnatFile, Path> each : missing.entrySet()) {
            fetchSingly(folder, each.getKey(), each.getValue(), problems)
                    .ifPresent(file -> arrived.put(file.path(), file));
        }
        if (!problems.isEmpty()) {
            throw incomplete(folder.kind(), problems, listing.size());
        }
        return listing.stream().map(file -> arrived.get(file.path())).toList();
    }

    /**
     * Adds the verified files of the zip to those that have arrived.
     *
     * @return whether the zip arrived to its end; another attempt may bring more otherwise
     */
    private static boolean fetchZip(
            RemoteFolder folder, Map<XnatFile, Path> targets, Map<String, VerifiedFile> arrived, List<String> remarks) {
        try {
            ZipContents.Extracted extracted = folder.zip(in -> ZipContents.extract(in, targets, arrived.keySet()));
            arrived.putAll(extracted.files());
            remarks.addAll(extracted.remarks());
            return extracted.whole();
        } catch (XnatOutage | XnatProtocol | XnatGone noZip) {
            // An incomplete zip does not prove that XNAT is unavailable: the single downloads decide that.
            remarks.add("no zip received: " + noZip.getMessage());
            return false;
        }
    }

    private static Optional<VerifiedFile> fetchSingly(
            RemoteFolder folder, XnatFile file, Path target, List<String> problems) throws IOException {
        String problem = "";
        for (int attempt = 1; attempt <= SINGLE_ATTEMPTS; attempt++) {
            try {
                Downloaded downloaded = folder.file(file.path(), target);
                Optional<VerifiedFile> verified =
                        ZipContents.verify(file, target, downloaded.size(), downloaded.sha256(), downloaded.md5());
                if (verified.isPresent()) {
                    return verified;
                }
                problem = String.join(", ", ZipContents.differences(file, downloaded.size(), downloaded.md5()));
            } catch (XnatGone gone) {
                problem = "it is listed and not there";
            } catch (XnatProtocol refused) {
                problem = refused.getMessage();
            }
            Files.deleteIfExists(target);
        }
        problems.add("'" + shown(file.path()) + "': " + problem);
        return Optional.empty();
    }

    private static DownloadException incomplete(SourceKind server, List<String> problems, int files) {
        String more =
                problems.size() > NAMED_IN_MESSAGE ? " and " + (problems.size() - NAMED_IN_MESSAGE) + " more" : "";
        return new DownloadException(new Reason(
                "incomplete-download",
                problems.size() + " of " + files + " files are not as " + server.product() + " lists them: "
                        + String.join("; ", problems.subList(0, Math.min(NAMED_IN_MESSAGE, problems.size())))
                        + more,
                server.mendListing() + ", then press 'Reconvert'"));
    }

    /** Whether a remark says that an adopted archive has other files of the series than the server. */
    public static boolean isContradiction(String remark) {
        return remark.contains(AdoptedFolder.OTHERS);
    }

    /** A path that is safe to display and log. */
    public static String shown(String path) {
        String printable = path.codePoints()
                .limit(200)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '\uFFFD' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return printable.length() < path.length() ? printable + "…" : printable;
    }
}
