package org.datman.simulator.http;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/** The last {@value #LIMIT} requests, for assertions and for debugging of clients. */
public final class RequestLog {
    public static final int LIMIT = 20_000;

    /**
     * One request and its outcome.
     *
     * @param status 0 when no answer was given (reset, hang)
     * @param fault names of the faults applied to it, empty for none
     */
    public record Entry(
            Instant time, String method, String path, String query, String userAgent, int status, String fault) {

        /** Path with query. */
        public String uri() {
            return query.isEmpty() ? path : path + "?" + query;
        }
    }

    private final Deque<Entry> entries = new ArrayDeque<>();
    private long count;

    synchronized void add(Entry entry) {
        if (entries.size() == LIMIT) {
            entries.removeFirst();
        }
        entries.addLast(entry);
        count++;
    }

    /** Oldest first. */
    public synchronized List<Entry> entries() {
        return new ArrayList<>(entries);
    }

    /** Requests whose path with query contains a match of the pattern. */
    public List<Entry> matching(String pattern) {
        Pattern regex = Pattern.compile(pattern);
        return entries().stream().filter(e -> regex.matcher(e.uri()).find()).toList();
    }

    /** Number of requests since the start or the last {@link #clear}. */
    public synchronized long count() {
        return count;
    }

    public synchronized void clear() {
        entries.clear();
        count = 0;
    }
}
