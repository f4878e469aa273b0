package org.datman.pipeline.request;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What changed rules would do to the sessions of a study. Nothing of it is stored or started.
 *
 * @param sessions how many were decided
 * @param pipelines in the order in which they are decided; those that the changed file no longer has come last
 * @param bids what a preview does not see
 */
public record PipelinePreview(String study, int sessions, List<Line> pipelines, String bids) {

    private static final String NOT_SEEN =
            "BIDS datasets are taken as they are now: what the change does to them is not in what depends on them here";

    public PipelinePreview {
        pipelines = List.copyOf(pipelines);
    }

    /** What would become of a pipeline of a session. */
    enum Fate {
        /** The run of now stays. */
        UNCHANGED,
        /** A run starts at once. */
        RUNS,
        /** A run starts when those have ended whose outputs it gets, and which start. */
        FOLLOWS,
        /** It waits, for a reason. */
        WAITS,
        /** The rule is not for this session. */
        NOT_WANTED,
        /** The changed file has no such pipeline. */
        REMOVED
    }

    /**
     * A pipeline of a session.
     *
     * @param code of the reason for which it waits or is not wanted; empty otherwise
     * @param wanted whether a run is wanted by the rules of now
     * @param stale whether a result of now would be out of date
     */
    record Change(String pipeline, String sessionName, Fate fate, String code, boolean wanted, boolean stale) {}

    /**
     * A pipeline, with numbers of sessions, or of images where it defaces.
     *
     * @param unchanged of which the run of now stays
     * @param runs that start at once
     * @param follows that start after others
     * @param waits by code of the reason
     * @param notWanted by code of the reason
     * @param noLonger of which a run is wanted now, and would not be
     * @param removed of which the pipeline would be gone
     * @param stale names of the sessions of which a result would be out of date
     */
    public record Line(
            String pipeline,
            int unchanged,
            int runs,
            int follows,
            SortedMap<String, Integer> waits,
            SortedMap<String, Integer> notWanted,
            int noLonger,
            int removed,
            List<String> stale) {}

    /** Adds up. */
    static PipelinePreview of(String study, List<String> order, int sessions, List<Change> changes) {
        Map<String, List<Change>> byPipeline = new TreeMap<>();
        changes.forEach(change -> byPipeline
                .computeIfAbsent(change.pipeline(), any -> new ArrayList<>())
                .add(change));
        List<String> names = new ArrayList<>(order);
        Set<String> known = new HashSet<>(order);
        byPipeline.keySet().stream().filter(name -> !known.contains(name)).forEach(names::add);
        return new PipelinePreview(
                study,
                sessions,
                names.stream()
                        .map(name -> line(name, byPipeline.getOrDefault(name, List.of())))
                        .toList(),
                NOT_SEEN);
    }

    private static Line line(String pipeline, List<Change> changes) {
        return new Line(
                pipeline,
                count(changes, Fate.UNCHANGED),
                count(changes, Fate.RUNS),
                count(changes, Fate.FOLLOWS),
                byCode(changes, Fate.WAITS),
                byCode(changes, Fate.NOT_WANTED),
                (int) changes.stream()
                        .filter(change ->
                                change.wanted() && (change.fate() == Fate.WAITS || change.fate() == Fate.NOT_WANTED))
                        .count(),
                count(changes, Fate.REMOVED),
                changes.stream()
                        .filter(Change::stale)
                        .map(Change::sessionName)
                        .distinct()
                        .sorted()
                        .toList());
    }

    private static int count(List<Change> changes, Fate fate) {
        return (int) changes.stream().filter(change -> change.fate() == fate).count();
    }

    private static SortedMap<String, Integer> byCode(List<Change> changes, Fate fate) {
        SortedMap<String, Integer> codes = new TreeMap<>();
        changes.stream()
                .filter(change -> change.fate() == fate)
                .forEach(change -> codes.merge(change.code(), 1, Integer::sum));
        return codes;
    }
}
