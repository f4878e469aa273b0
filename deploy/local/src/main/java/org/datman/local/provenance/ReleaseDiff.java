package org.datman.local.provenance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.datman.contracts.event.FileRole;
import org.datman.contracts.provenance.Provenance;
import org.datman.contracts.provenance.Provenance.SourceFile;
import org.jspecify.annotations.Nullable;

/**
 * Compares two releases, item by item in one pass over both: one item of each is in memory at a time. The lines of an archive are sorted
 * by {@link SortedLines}.
 */
public final class ReleaseDiff {

    private static final Set<String> METADATA =
            Set.of(FileRole.SIDECAR.key(), FileRole.PROVENANCE.key(), FileRole.METRICS.key(), FileRole.LOG.key());

    private ReleaseDiff() {}

    /** How an item differs. */
    public enum Kind {
        ADDED,
        REMOVED,
        /** The bytes of an image, or of another file that is no metadata, differ. */
        CHANGED,
        /** Only sidecars, records, logs or numbers differ. */
        METADATA
    }

    /**
     * An item that differs.
     *
     * @param item stem of an image, or path of an associated file
     * @param files that were added, removed or have other bytes
     * @param inputs that differ: why the item does; empty where nothing that is recorded differs
     */
    public record Change(Kind kind, String item, List<String> files, List<Input> inputs) {}

    /**
     * An input that differs.
     *
     * @param name which one
     * @param before null where there was none
     * @param after null where there is none
     */
    public record Input(
            String name, @Nullable String before, @Nullable String after) {}

    /** How many items are the same. */
    public record Result(long same) {}

    /** Compares; each item that differs is handed over in order. */
    public static Result of(Release before, Release after, Consumer<Change> changes) throws IOException {
        try {
            Items old = new Items(before.lines());
            Items now = new Items(after.lines());
            long same = 0;
            while (old.has() || now.has()) {
                int order = !old.has() ? 1 : !now.has() ? -1 : old.item().compareTo(now.item());
                if (order < 0) {
                    changes.accept(whole(Kind.REMOVED, old.take()));
                } else if (order > 0) {
                    changes.accept(whole(Kind.ADDED, now.take()));
                } else {
                    List<String> oldLines = old.take();
                    List<String> newLines = now.take();
                    if (oldLines.equals(newLines)) {
                        same++;
                    } else {
                        changes.accept(change(before, rows(oldLines), after, rows(newLines)));
                    }
                }
            }
            return new Result(same);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static Change whole(Kind kind, List<String> lines) {
        List<ReleaseFile> rows = rows(lines);
        return new Change(
                kind, rows.get(0).item(), rows.stream().map(ReleaseFile::path).toList(), List.of());
    }

    private static List<ReleaseFile> rows(List<String> lines) {
        return lines.stream().map(ReleaseFile::read).toList();
    }

    private static Change change(Release before, List<ReleaseFile> old, Release after, List<ReleaseFile> now)
            throws IOException {
        Map<String, ReleaseFile> byPath = new HashMap<>();
        old.forEach(row -> byPath.put(row.path(), row));
        List<ReleaseFile> differing = new ArrayList<>();
        Map<String, Input> inputs = new LinkedHashMap<>();
        for (ReleaseFile row : now) {
            ReleaseFile other = byPath.remove(row.path());
            if (other == null || !other.sha256().equals(row.sha256())) {
                differing.add(row);
            }
            if (other != null) {
                inputs(other, row, inputs);
            }
        }
        differing.addAll(byPath.values());
        if (inputs.containsKey("DICOM files")) {
            instances(before.record(old).orElse(null), after.record(now).orElse(null), inputs);
        }
        boolean metadata = differing.stream().allMatch(row -> METADATA.contains(row.role()));
        return new Change(
                metadata ? Kind.METADATA : Kind.CHANGED,
                now.get(0).item(),
                differing.stream().map(ReleaseFile::path).sorted().toList(),
                List.copyOf(inputs.values()));
    }

    private static void inputs(ReleaseFile old, ReleaseFile now, Map<String, Input> inputs) {
        boolean numbers = now.role().equals(FileRole.METRICS.key());
        put(inputs, numbers ? "measured image" : "DICOM files", old, now, ReleaseFile::source);
        put(inputs, numbers ? "limits" : "rule", old, now, ReleaseFile::rule);
        put(inputs, "study text", old, now, ReleaseFile::revision);
        put(inputs, numbers ? "quality control" : "converter", old, now, ReleaseFile::program);
        put(inputs, numbers ? "kind" : "converter options", old, now, ReleaseFile::options);
        put(inputs, "DATMAN", old, now, ReleaseFile::software);
    }

    private static void put(
            Map<String, Input> inputs,
            String name,
            ReleaseFile old,
            ReleaseFile now,
            Function<ReleaseFile, String> column) {
        String before = column.apply(old);
        String after = column.apply(now);
        if (!before.equals(after)) {
            inputs.putIfAbsent(name, new Input(name, before, after));
        }
    }

    /** Which DICOM files differ, where both sides have their records. */
    private static void instances(@Nullable Provenance old, @Nullable Provenance now, Map<String, Input> inputs) {
        if (old == null || now == null) {
            return;
        }
        Map<String, String> before = new HashMap<>();
        for (SourceFile file : old.source().files()) {
            before.put(file.path(), file.sha256());
        }
        for (SourceFile file : now.source().files()) {
            String known = before.remove(file.path());
            if (!file.sha256().equals(known)) {
                String name = "DICOM file " + file.path();
                inputs.put(name, new Input(name, known, file.sha256()));
            }
        }
        before.forEach(
                (path, sha256) -> inputs.put("DICOM file " + path, new Input("DICOM file " + path, sha256, null)));
    }

    /** The lines of one item after the other. */
    private static final class Items {

        private final Iterator<String> lines;
        private @Nullable String next;
        /** Of the list; the first one is its header. */
        private long number = 1;

        Items(Iterator<String> lines) {
            this.lines = lines;
            this.next = read();
        }

        private @Nullable String read() {
            if (!lines.hasNext()) {
                return null;
            }
            number++;
            String line = lines.next();
            if (line.indexOf('\t') < 0) {
                throw new IllegalArgumentException(
                        "Line " + number + " of the list of a release has no columns; the list is damaged");
            }
            return line;
        }

        boolean has() {
            return next != null;
        }

        String item() {
            String line = Objects.requireNonNull(next);
            return line.substring(0, line.indexOf('\t'));
        }

        List<String> take() {
            List<String> taken = new ArrayList<>();
            String first = Objects.requireNonNull(next);
            String prefix = first.substring(0, first.indexOf('\t') + 1);
            taken.add(first);
            String line = read();
            while (line != null && line.startsWith(prefix)) {
                taken.add(line);
                line = read();
            }
            if (line != null && line.compareTo(first) < 0) {
                throw new IllegalArgumentException("The list of a release is not sorted: '" + line.split("\t", 2)[0]
                        + "' comes after '" + first.split("\t", 2)[0] + "'; write it with './datman release'");
            }
            next = line;
            return taken;
        }
    }
}
