package org.datman.local.provenance;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/**
 * Sorts any number of lines with a bounded number of them in memory: sorted runs in temporary files, which are merged while they are read.
 * The order is that of {@link String#compareTo}.
 */
final class SortedLines implements AutoCloseable {

    /** A line of a release has some 500 bytes: a run of some 25 MiB. */
    static final int AT_ONCE = 50_000;

    /** Of lines that are longer there are fewer in memory. */
    private static final long MOST_CHARACTERS = 50_000_000;

    private final int atOnce;
    private long characters;
    private final List<String> buffer = new ArrayList<>();
    private final List<Path> runs = new ArrayList<>();
    private final List<BufferedReader> readers = new ArrayList<>();
    private long count;

    SortedLines() {
        this(AT_ONCE);
    }

    /** @param atOnce how many lines are in memory at most */
    SortedLines(int atOnce) {
        this.atOnce = atOnce;
    }

    void add(String line) throws IOException {
        buffer.add(line);
        count++;
        characters += line.length();
        if (buffer.size() >= atOnce || characters >= MOST_CHARACTERS) {
            Path run = Files.createTempFile("datman-lines-", ".txt");
            runs.add(run);
            buffer.sort(Comparator.naturalOrder());
            try (BufferedWriter out = Files.newBufferedWriter(run)) {
                for (String each : buffer) {
                    out.write(each);
                    out.write('\n');
                }
            }
            buffer.clear();
            characters = 0;
        }
    }

    long count() {
        return count;
    }

    /** How many lines are in memory now. */
    int held() {
        return buffer.size();
    }

    /** Files that it has at present. */
    List<Path> runs() {
        return List.copyOf(runs);
    }

    /** The lines in order, once; nothing may be added after. A file that cannot be read is an {@link UncheckedIOException}. */
    Iterator<String> sorted() throws IOException {
        buffer.sort(Comparator.naturalOrder());
        PriorityQueue<Head> heads = new PriorityQueue<>(Comparator.comparing(Head::line));
        List<Iterator<String>> sources = new ArrayList<>();
        sources.add(buffer.iterator());
        for (Path run : runs) {
            BufferedReader reader = Files.newBufferedReader(run);
            readers.add(reader);
            sources.add(reader.lines().iterator());
        }
        sources.forEach(source -> push(heads, source));
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !heads.isEmpty();
            }

            @Override
            public String next() {
                Head head = heads.poll();
                if (head == null) {
                    throw new NoSuchElementException();
                }
                push(heads, head.rest());
                return head.line();
            }
        };
    }

    private record Head(String line, Iterator<String> rest) {}

    private static void push(PriorityQueue<Head> heads, Iterator<String> source) {
        if (source.hasNext()) {
            heads.add(new Head(source.next(), source));
        }
    }

    @Override
    public void close() throws IOException {
        IOException failed = null;
        for (BufferedReader reader : readers) {
            try {
                reader.close();
            } catch (IOException e) {
                failed = e;
            }
        }
        for (Path run : runs) {
            Files.deleteIfExists(run);
        }
        if (failed != null) {
            throw failed;
        }
    }
}
