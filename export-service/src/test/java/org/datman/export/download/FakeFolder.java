package org.datman.export.download;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.datman.platform.archive.Archive;
import org.datman.xnat.Downloaded;
import org.datman.xnat.ImageSource.ZipReader;
import org.datman.xnat.SourceKind;
import org.datman.xnat.XnatFile;
import org.datman.xnat.XnatGone;

/** A folder of an XNAT: its listing, the zip that it sends, and its files. */
final class FakeFolder implements RemoteFolder {

    private final List<XnatFile> listing = new ArrayList<>();
    private final Map<String, String> contents = new LinkedHashMap<>();
    private final Map<String, String> zipped = new LinkedHashMap<>();
    private SourceKind kind = SourceKind.XNAT;
    final List<String> singles = new ArrayList<>();
    private final List<Integer> cuts = new ArrayList<>();

    FakeFolder lists(String path, String content) {
        listing.add(new XnatFile(path, OptionalLong.of(content.length()), hex("MD5", content.getBytes(UTF_8))));
        contents.put(path, content);
        return this;
    }

    FakeFolder zips(String name, String content) {
        zipped.put(name, content);
        return this;
    }

    /** The listing has no digests, as of a server that computes none. */
    void listsNoMd5() {
        listing.replaceAll(file -> new XnatFile(file.path(), file.size(), null));
    }

    /** The next zip ends after that many bytes. */
    FakeFolder cutsAZip(int bytes) {
        cuts.add(bytes);
        return this;
    }

    /** A file that is listed and not there. */
    void loses(String path) {
        contents.remove(path);
    }

    /** An Orthanc instead. */
    FakeFolder ofOrthanc() {
        kind = SourceKind.ORTHANC;
        return this;
    }

    @Override
    public SourceKind kind() {
        return kind;
    }

    @Override
    public List<XnatFile> list() {
        return listing;
    }

    @Override
    public <T> T zip(ZipReader<T> reader) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> entry : zipped.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue().getBytes(UTF_8));
                zip.closeEntry();
            }
            zip.finish();
            int length = Math.min(bytes.size(), cuts.isEmpty() ? Integer.MAX_VALUE : cuts.remove(0));
            return reader.read(new ByteArrayInputStream(bytes.toByteArray(), 0, length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Downloaded file(String path, Path target) {
        singles.add(path);
        String content = contents.get(path);
        if (content == null) {
            throw new XnatGone(path);
        }
        try {
            Files.writeString(target, content);
            return new Downloaded(
                    target, content.length(), Archive.sha256(target), hex("MD5", content.getBytes(UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String hex(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
